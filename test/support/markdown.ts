/** The anchors that GitHub gives the headings of a Markdown page. */
export function anchorsIn(page: string): string[] {
  return headingsIn(page).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** The targets of the links and images in a Markdown page, also of those in HTML, in order. */
export function linksIn(page: string): string[] {
  const links = /\]\(([^)\s]+)\)|\b(?:href|src|srcset)="([^"]+)"/g;
  return [...withoutCode(page).matchAll(links)].map(([, link, attribute]) => link ?? attribute ?? '');
}

/** The headings of a Markdown page, in order. */
export function headingsIn(page: string): string[] {
  return [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
}

/** A page without its code blocks: a comment in one is no heading, and an index followed by a call is no link. */
function withoutCode(page: string): string {
  return page.replace(/^ *```[\s\S]*?^ *```$/gm, '');
}
