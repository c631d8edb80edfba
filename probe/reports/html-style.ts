/** Style of the HTML report, for light and dark, wide and narrow screens, and paper. Text has a contrast of at least 4.5. */
export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --raised: #f5f7f9; --line: #d5dbe1; --text: #1b2127; --muted: #56616c; --link: #0b5cad;
  --failed: #b91c2b; --inconclusive: #855300; --skipped: #56616c; --passed: #17703a;
  --critical: #9f1239; --high: #b23c17; --medium: #7a5a00; --low: #525c66;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161b; --raised: #1b2129; --line: #353e48; --text: #e6eaee; --muted: #a0abb6; --link: #7cb8f5;
    --failed: #ff8a84; --inconclusive: #e6b450; --skipped: #a0abb6; --passed: #5cc98a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
header, nav, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; padding: .4rem .8rem; background: var(--ground); }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.3rem; }
h2 + p { margin-bottom: .9rem; }
h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
h4 { margin: 1rem 0 .35rem; font-size: .95rem; font-weight: 600; }
h4 .muted { font-weight: 400; white-space: nowrap; }
p { margin: .25rem 0; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font-size: .9em; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
header { padding-top: 2.25rem; }
.glance { display: flex; gap: 2rem; align-items: center; }
.glance svg { flex: none; width: 8.5rem; height: 8.5rem; }
.kind { margin: 0 0 .4rem; color: var(--muted); font-size: .9rem; }
.ring { fill: none; stroke-width: 13; }
.ring.failed { stroke: var(--failed); } .ring.inconclusive { stroke: var(--inconclusive); }
.ring.skipped { stroke: var(--line); } .ring.passed { stroke: var(--passed); } .ring.empty { stroke: var(--line); }
.glance text { fill: var(--text); text-anchor: middle; font-size: 20px; font-weight: 700; }
.glance text.small { fill: var(--muted); font-size: 10.5px; font-weight: 400; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.25rem; margin: .75rem 0 0; padding: 0; list-style: none; }
.mark { display: inline-block; width: 1.1em; font-weight: 700; text-align: center; }
.mark.failed, .legend .failed { color: var(--failed); }
.mark.inconclusive, .legend .inconclusive { color: var(--inconclusive); }
.mark.skipped, .legend .skipped { color: var(--skipped); }
.mark.passed, .legend .passed { color: var(--passed); }
.facts { display: flex; flex-wrap: wrap; gap: .75rem 3rem; margin: 1.5rem 0 0; padding: 1rem 0 0;
  border-top: 1px solid var(--line); }
.facts dt { color: var(--muted); font-size: .85rem; }
.facts dd { margin: 0; overflow-wrap: anywhere; }
nav { margin-top: 1.5rem; }
nav .box { padding: .9rem 1.1rem 1.1rem; background: var(--raised); border-radius: .6rem; }
nav h2 { margin: 0; font-size: 1rem; }
nav h3 { margin: .8rem 0 .2rem; font-size: .9rem; color: var(--muted); font-weight: 600; }
nav ul { margin: 0; padding: 0; list-style: none; columns: 18rem auto; column-gap: 2rem; font-size: .95rem; }
nav li { padding: .1rem 0; break-inside: avoid; }
details { margin: .6rem 0; border: 1px solid var(--line); border-radius: .6rem; }
details.failed { border-left: 5px solid var(--failed); }
details.inconclusive { border-left: 5px solid var(--inconclusive); }
summary { display: flex; gap: .6rem; align-items: baseline; padding: .65rem 1rem; cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
summary::after { content: '▸'; flex: none; color: var(--muted); }
details[open] > summary::after { transform: rotate(90deg); }
summary .title { flex: 1; font-weight: 600; }
summary .mark { flex: none; }
details.passed .title, details.skipped .title { font-weight: 400; }
.severity { flex: none; padding: .1rem .55rem; border-radius: 1rem; color: #ffffff; font-size: .78rem; font-weight: 600; }
.severity.critical { background: var(--critical); } .severity.high { background: var(--high); }
.severity.medium { background: var(--medium); } .severity.low { background: var(--low); }
.passed .severity, .skipped .severity { background: none; color: var(--muted); font-weight: 400; }
.check { padding: 0 1rem 1rem 2.75rem; scroll-margin-top: 5rem; }
.check > .detail { font-size: 1.05rem; }
.exchange { margin-top: 1rem; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.sides > div { min-width: 0; }
.sides p { color: var(--muted); font-size: .85rem; }
pre { margin: .2rem 0 0; padding: .7rem .85rem; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem;
  font-size: .82rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line); font-size: .9rem; }
@media (max-width: 44rem) {
  .glance { flex-direction: column-reverse; align-items: flex-start; gap: 1rem; }
  .sides { grid-template-columns: 1fr; }
  .check { padding-left: 1rem; }
  summary { flex-wrap: wrap; padding: .65rem .8rem; }
  summary .title { flex-basis: 75%; }
  summary .severity { margin-left: 1.8rem; }
  summary::after { margin-left: auto; }
  .facts { flex-direction: column; }
  h1 { font-size: 1.45rem; }
}
@media print {
  body { font-size: 11pt; }
  nav, .skip, summary::after { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary, h2, h3, h4 { break-after: avoid; }
  .severity { border: 1px solid; background: none !important; color: inherit !important; }
}
`;
