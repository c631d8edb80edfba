/**
 * Style of the HTML report, for light and dark, wide and narrow windows, and paper. The colours and the type are those of
 * the console. Text has a contrast of at least 4.5.
 */
export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1b1f27, #e4e7ec);
  --quiet: light-dark(#5c6472, #9aa3b2);
  --page: light-dark(#ffffff, #14171c);
  --raised: light-dark(#f6f7f9, #1b1f26);
  --hover: light-dark(#eef1f6, #222731);
  --line: light-dark(#e2e5ea, #2b313b);
  --field: light-dark(#c9ced7, #434b59);
  --accent: light-dark(#2f4fc4, #93aaff);
  --good: light-dark(#1b6e3c, #6fd398);
  --decide: light-dark(#8a5300, #f0b95c);
  --bad: light-dark(#b3261e, #ff9a91);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --added: light-dark(#dcf3e3, #17392a);
  --removed: light-dark(#fbe2e0, #472323);
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 24px 48px; max-width: 1008px; background: var(--page); color: var(--text);
  font: 14px / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; -webkit-text-size-adjust: 100%; }
h1, h2, h3, h4, p, dl, dd, ol { margin: 0; padding: 0; font-weight: 400; }
ol { list-style: none; }
a { color: var(--accent); text-underline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: 12.5px; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 16px; top: 8px; padding: 6px 12px; background: var(--page); }
.quiet { color: var(--quiet); }
.good { --tone: var(--good); } .calm { --tone: var(--quiet); } .decide { --tone: var(--decide); } .bad { --tone: var(--bad); }
.critical, .high { --tone: var(--bad); } .medium { --tone: var(--decide); } .low { --tone: var(--quiet); }

header { padding-top: 40px; }
h1 { color: var(--tone); font-size: 30px; font-weight: 600; line-height: 1.25; letter-spacing: -.01em; }
.lead { margin-top: 4px; font-size: 16px; }
.facts { display: flex; flex-wrap: wrap; gap: 10px 32px; margin-top: 24px; }
.facts dt, .counts dt { color: var(--quiet); font-size: 12.5px; }
.facts dd { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.counts { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; margin-top: 24px; }
.counts dl { display: grid; grid-template-columns: repeat(4, 1fr); border: 1px solid var(--line); border-radius: 8px;
  background: var(--raised); }
.counts dl > div { display: flex; flex-direction: column-reverse; min-width: 0; padding: 10px 14px; }
.counts dl > div + div { border-left: 1px solid var(--line); }
.counts dd { color: var(--tone); font-size: 22px; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.counts .none { --tone: var(--quiet); }
.counts .none dd { font-weight: 400; }
nav { margin-top: 28px; }
nav h2 { margin-bottom: 6px; font-weight: 600; font-size: 14px; }
nav li { display: grid; grid-template-columns: 72px 1fr; gap: 10px; align-items: baseline; padding: 5px 0;
  border-top: 1px solid var(--line); }
nav a { color: inherit; text-decoration: none; }
nav a:hover { color: var(--accent); text-decoration: underline; }

.severity { display: inline-block; justify-self: start; padding: 0 7px; border: 1px solid var(--tone); border-radius: 9px;
  color: var(--tone); font-size: 12px; font-weight: 500; line-height: 17px; white-space: nowrap; }
.severity.critical { background: var(--tone); color: var(--page); }
main h2 { margin: 44px 0 12px; font-size: 19px; font-weight: 600; }
main h2 .quiet { font-weight: 400; }
main h2 + p { margin: -8px 0 12px; }
article { margin-top: 16px; padding: 20px 24px 24px; border: 1px solid var(--line); border-left: 3px solid var(--tone);
  border-radius: 8px; scroll-margin-top: 16px; }
article:target { border-color: var(--accent); border-left-color: var(--tone); }
article > p { margin-top: 6px; overflow-wrap: anywhere; }
h3 { display: flex; flex-wrap: wrap; gap: 2px 10px; align-items: center; font-size: 17px; font-weight: 600; line-height: 1.35; }
article > .quiet code { margin-right: 8px; }
.advice { display: grid; grid-template-columns: 1fr 1fr; gap: 12px 32px; margin-top: 14px; }
.advice dt { font-weight: 600; }
h4 { margin: 20px 0 8px; font-weight: 600; }
.label { margin-bottom: 4px; font-size: 12.5px; font-weight: 600; }
.label .quiet { margin-left: 6px; font-weight: 400; }

summary { display: flex; gap: 8px; align-items: baseline; padding: 7px 12px; border-radius: 6px; cursor: pointer;
  list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; flex: none; align-self: center; width: 5px; height: 5px; margin-right: 2px;
  border: solid var(--quiet); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); }
details[open] > summary::before { transform: rotate(45deg); }
summary:hover { background: var(--hover); }
summary .title { flex: 1; min-width: 0; overflow-wrap: anywhere; }
summary .quiet { font-size: 12.5px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.reason { display: block; color: var(--quiet); }
.mark { flex: none; width: 1em; color: var(--tone); font-weight: 700; text-align: center; }
.exchange, .folded { border: solid var(--line); border-width: 1px 1px 0; }
.exchange:first-of-type, .folded:first-of-type { border-radius: 6px 6px 0 0; }
.exchange:last-of-type, .folded:last-of-type { border-bottom-width: 1px; border-radius: 0 0 6px 6px; }
.exchange:only-of-type, .folded:only-of-type { border-radius: 6px; }
.folded > .check { padding: 4px 16px 16px; }
.folded > .check > p { margin-top: 4px; overflow-wrap: anywhere; }
.folded .exchange:first-of-type { margin-top: 16px; }
.group > summary { margin-top: 32px; }
.group > summary h2 { margin: 0; }
.group > summary h2 .quiet { font-size: inherit; }
.group > summary + .folded { margin-top: 8px; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; padding: 4px 12px 0; }
.sides > div { min-width: 0; }
.sides pre + .label { margin-top: 10px; }
pre { margin: 0; padding: 10px 12px; border: 1px solid var(--line); border-radius: 6px; background: var(--raised);
  white-space: pre-wrap; }
ins, del { padding: 1px; border-radius: 2px; }
ins { background: var(--added); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; }
del { background: var(--removed); text-decoration: line-through; }
.label ins, .label del { margin-left: 4px; padding: 1px 4px; color: var(--text); }
.curl { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: flex-start; padding: 12px; }
.curl:empty { padding: 6px; }
.curl details { flex: 1; min-width: min(100%, 240px); }
.curl details[open] { flex-basis: 100%; }
.curl summary { padding: 3px 8px; color: var(--quiet); font-size: 12.5px; }
.curl pre { margin-top: 6px; }
.curl p { flex-basis: 100%; font-size: 12.5px; }
button { height: 26px; padding: 0 10px; border: 1px solid var(--field); border-radius: 6px; background: var(--page);
  color: inherit; font: inherit; font-size: 12.5px; cursor: pointer; white-space: nowrap; }
button:hover { background: var(--hover); }
footer { margin-top: 48px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 12.5px; }

@media (max-width: 720px) {
  body { padding: 0 16px 32px; }
  header { padding-top: 24px; }
  h1 { font-size: 24px; }
  .counts, .advice, .sides { grid-template-columns: 1fr; }
  .counts dl > div { padding: 8px 6px; }
  .counts dl { grid-template-columns: repeat(4, auto); }
  .counts dt { font-size: 12px; overflow-wrap: anywhere; }
  article { padding: 16px; }
  .exchange > summary, .folded > summary { flex-wrap: wrap; }
  .exchange > summary .title { flex-basis: 70%; }
  .sides, .curl { padding-left: 8px; padding-right: 8px; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, .curl, summary::before { display: none; }
  .sides { padding-bottom: 12px; }
  .group::details-content, article .exchange::details-content { content-visibility: visible; block-size: auto; }
  article { break-inside: auto; }
  h2, h3, h4, .label, summary { break-after: avoid; }
  ins, del, .severity { print-color-adjust: exact; }
}
`;
