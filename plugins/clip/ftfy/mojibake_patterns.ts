/**
 * What text looks like that was read in the wrong encoding.
 *
 * The patterns of ftfy 6.3.1 (`badness.py`, `chardata.py`; Robyn Speer, Apache License 2.0, see
 * `ftfy_LICENSE`), changed: what Python's `\s`, `\w` and `.` stand for is spelt out.
 *
 * @module
 */

// Sets of characters, by what they are; ranges among them.
const common = String.raw`\xa0\xad·´–—―…’`;
const c1 = String.raw`\x80-\x9f`;
const bad = String.raw`¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊�ªº`;
const law = String.raw`¶§`;
const currency = String.raw`¢£¥₧€`;
const startPunctuation = String.raw`¡«¿©΄΅‘‚“„•‹\uf8ff`;
const endPunctuation = String.raw`®»˝”›™`;
const numeric = String.raw`²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№`;
const kaomoji = String.raw`Ò-ÖÙ-Üò-öø-üŐŌŪŲ°`;
const upperAccented = String.raw`À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ`;
const lowerAccented = String.raw`ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ`;
const upperCommon = String.raw`ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я`;
const lowerCommon = String.raw`α-ωάέήίΰа-џ`;
const box = String.raw`│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓`;
// Python's white space.
const space = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;

/** Pairs and triples of characters that hardly stand together in any language. */
export const UNLIKELY = new RegExp(
  [
    String.raw`[${c1}]`,
    String
      .raw`[${bad}${lowerAccented}${upperAccented}${box}${startPunctuation}${endPunctuation}${currency}${numeric}${law}][${bad}]`,
    String.raw`[a-zA-Z][${lowerCommon}${upperCommon}][${bad}]`,
    String
      .raw`[${bad}][${lowerAccented}${upperAccented}${box}${startPunctuation}${endPunctuation}${currency}${numeric}${law}]`,
    String
      .raw`[${lowerAccented}${lowerCommon}${box}${endPunctuation}${currency}${numeric}][${upperAccented}]`,
    String.raw`[${box}${endPunctuation}${currency}${numeric}][${lowerAccented}]`,
    String.raw`[${lowerAccented}${box}${endPunctuation}][${currency}]`,
    String.raw`${space}[${upperAccented}][${currency}]`,
    String.raw`[${upperAccented}${box}][${numeric}${law}]`,
    String
      .raw`[${lowerAccented}${upperAccented}${box}${currency}${endPunctuation}][${startPunctuation}][${numeric}]`,
    String
      .raw`[${lowerAccented}${upperAccented}${currency}${numeric}${box}${law}][${endPunctuation}][${startPunctuation}]`,
    String.raw`[${currency}${numeric}${box}][${startPunctuation}]`,
    String.raw`[a-z][${upperAccented}][${startPunctuation}${currency}]`,
    String.raw`[${box}][${kaomoji}]`,
    String
      .raw`[${lowerAccented}${upperAccented}${currency}${numeric}${startPunctuation}${endPunctuation}${law}][${box}]`,
    String.raw`[${box}][${endPunctuation}]`,
    String
      .raw`[${lowerAccented}${upperAccented}][${startPunctuation}${endPunctuation}][\p{L}\p{N}_]`,
    String.raw`[Œœ][^A-Za-z]`,
    String.raw`[${upperAccented}]°`,
    String.raw`[ÂÃÎÐ][€œŠš¢£Ÿž\xa0\xad®©°·»${startPunctuation}${endPunctuation}–—´]`,
    String.raw`×[²³]`,
    String
      .raw`[ØÙ][${common}${currency}${bad}${numeric}${startPunctuation}ŸŠ®°µ»][ØÙ][${common}${currency}${bad}${numeric}${startPunctuation}ŸŠ®°µ»]`,
    String.raw`à[²µ¹¼½¾]`,
    String.raw`√[±∂†≠®™´≤≥¥µø]`,
    String.raw`≈[°¢]`,
    String.raw`‚Ä[ìîïòôúùû†°¢π]`,
    String.raw`‚[âó][àä°ê]`,
    String.raw`вЂ`,
    String.raw`[ВГРС][${c1}${bad}${startPunctuation}${endPunctuation}${currency}°µ][ВГРС]`,
    String.raw`ГўВЂВ[^\n][A-Za-z ]`,
    String.raw`Ã[\xa0¡]`,
    String.raw`[a-z]${space}?[ÃÂ][ ]`,
    String.raw`^[ÃÂ][ ]`,
    String.raw`[a-z.,?!${endPunctuation}]Â[ ${startPunctuation}${endPunctuation}]`,
    String.raw`β€[™\xa0Ά\xad®°]`,
    String.raw`[ΒΓΞΟ][${c1}${bad}${startPunctuation}${endPunctuation}${currency}°][ΒΓΞΟ]`,
    String.raw`ā€`,
  ].join("|"),
  "u",
);

// What the bytes of UTF-8 become in single-byte encodings: the first of two, three and four, and
// those after it, without the likely ones in the last set.
const utf8FirstOf2 = String
  .raw`ĂÂÄĀÅÃÆĆČÇĎĐÉĚÊËĖÈĒĘÐĞĢÍÎÏİÌĪĶĹĻŁŃŇŅÑÓÔÖŐÒŌØÕŘŚŠŞŢÞÚÛÜŰÙŪŲŮÝŹŽŻß×ΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫάέήίВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ`;
const utf8FirstOf3 = String
  .raw`áăâäàāąåãæćčçďéěêëėèēęęģíîïìīįķĺļŕźΰαβγδεζηθικλμνξοабвгдежзийклмноп`;
const utf8FirstOf4 = String.raw`đðğóšπσру`;
const utf8Continuation = String
  .raw`\x80-¿ ĄÆĽŁØŖŚŠŞŤŸŹŽŻŒąæƒľłøŗśšşťźžżœˆˇ˘˛˜˝΄΅ΆΈΉΊΌΎΏЁЂЃЄЅІЇЈЉЊЋЌЎЏёђѓєѕіїјљњћќўџҐґ–—―‘’‚“”„†‡•…‰‹›€№™`;
const utf8ContinuationStrict = String
  .raw`\x80-¿ĄÆĽŁØŖŚŠŞŤŸŹŽŻŒąæƒľłøŗśšşťźžżœˆˇ˘˛˜˝΄΅ΆΈΉΊΌΎΏЁЂЃЄЅІЇЈЉЊЋЌЎЏёђѓєѕіїјљњћќўџҐґ†‡‰‹›€№™`;

/** What UTF-8 looks like in a single-byte encoding. */
export const LOOKS_LIKE_UTF8 = new RegExp(
  String
    .raw`(?<![${utf8ContinuationStrict}])([${utf8FirstOf2}][${utf8Continuation}]|[${utf8FirstOf3}][${utf8Continuation}]{2}|[${utf8FirstOf4}][${utf8Continuation}]{3})+`,
  "gu",
);
