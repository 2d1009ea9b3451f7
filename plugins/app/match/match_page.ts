import type { Context } from "../../../core/context.ts";
import { fixedDigits } from "../../../core/fixed_digits.ts";
import { Html, html } from "../report/html.ts";
import { findThumbnails } from "../report/thumbnails.ts";
import { isChanged, listedCaptions, type Matches, summary } from "./format_matches.ts";
import { shortName } from "./match_items.ts";

/** The longer side of a picture on the page. */
const SIDE = 256;

/**
 * A page with the pictures and their captions: one file that fetches nothing.
 *
 * @param shown The items to be shown.
 * @param top The most captions of a picture.
 */
export async function matchPage(
  found: Matches,
  shown: readonly number[],
  top: number,
  context: Context,
): Promise<string> {
  const cards: Html[] = [];
  for (const item of shown) {
    cards.push(card(found, item, top, await thumbnailOf(found, item, context)));
  }
  const { models } = found;
  const named = models.map((name, place) => models.length > 1 ? `${place + 1}: ${name}` : name);
  return html`
    ${new Html("<!doctype html>")}
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Captions that fit · Syntagma</title>
        <link rel="icon" href="data:,">
        <style>${new Html(STYLE)}</style>
      </head>
      <body>
        <header>
          <h1>Captions that fit</h1>
          <ul>${named.map((name) => html`<li>${name}</li>`)}</ul>
          <p>${summary(found)}</p>
        </header>
        <main>${cards}</main>
      </body>
    </html>
  `.markup;
}

function card(found: Matches, item: number, top: number, thumbnail: string | undefined): Html {
  const { items, models, matches } = found;
  const { picture, captions } = items[item]!;
  const several = models.length > 1;
  return html`
    <article${new Html(several && isChanged(found, item) ? ' class="changed"' : "")}>
      <figure>${thumbnail !== undefined &&
        html`<img alt="" src="${thumbnail}">`}<figcaption>${shortName(
          picture,
        )}</figcaption></figure>
      <table>
        <thead>
          <tr><th scope="col">caption</th>${models.map((_, place) =>
            html`
              <th scope="col">cosine${several && ` ${place + 1}`}</th>
              <th scope="col">belief${several && ` ${place + 1}`}</th>
            `
          )}</tr>
        </thead>
        <tbody>${listedCaptions(found, item, top).map((place) =>
          html`<tr><th scope="row">${captions[place]}</th>${
            matches.map((each) => {
              const { cosines, beliefs, best } = each[item]!;
              const mark = new Html(best === place ? ' class="best"' : "");
              return html`<td${mark}>${fixedDigits(cosines[place]!, 4)}</td><td${mark}>${
                beliefs[place]!.toFixed(4)
              }</td>`;
            })
          }</tr>`
        )}</tbody>
      </table>
      </article>
  `;
}

async function thumbnailOf(
  { items }: Matches,
  item: number,
  context: Context,
): Promise<string | undefined> {
  const { picture, read } = items[item]!;
  const raster = await read(context);
  const found = await findThumbnails([picture], {
    folders: [],
    most: 1,
    size: SIDE,
    assets: context.assets,
    picture: () => Promise.resolve(raster),
  });
  return found.get(picture);
}

const STYLE = `
:root { font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
article { display: flex; flex-wrap: wrap; gap: 1rem; padding: 1rem 0; border-top: 1px solid #8886; }
figure { margin: 0; flex: 0 0 16rem; }
figure img { max-width: 100%; height: auto; }
figcaption { font-size: .85rem; overflow-wrap: anywhere; }
table { flex: 1 1 20rem; border-collapse: collapse; align-self: start; }
th, td { padding: .25rem .5rem; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child { text-align: left; }
tbody th { font-weight: normal; }
td.best { font-weight: bold; background: #4a94; }
article.changed { border-left: .3rem solid #c60; padding-left: .7rem; }
`;
