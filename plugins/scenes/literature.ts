import type { Literature } from "../../core/literature.ts";

/** What the benchmarks of the drawn world ask. */
export const LITERATURE: Literature = {
  dataSets: {
    "scenes/add_att": "An attribute that the object does not have is added to the caption.",
    "scenes/add_obj": "An object that the picture does not show is added to the caption.",
    "scenes/replace_att": "An attribute becomes another one.",
    "scenes/replace_obj": "An object becomes another one.",
    "scenes/replace_rel": "A relation becomes another one.",
    "scenes/swap_att":
      "Two objects change over an attribute: the same words in another order, so that a bag of " +
      "words can only guess.",
    "scenes/swap_obj":
      "The objects of a relation change places: the same words in another order, so that a bag " +
      "of words can only guess.",
    "scenes/pair_swap_att":
      "Two scenes in one picture, told by a sentence each, change over an attribute: what CLIC " +
      "trains on.",
    "scenes/pair_swap_obj":
      "Two scenes in one picture, told by a sentence each, change over an object: what CLIC " +
      "trains on.",
    "scenes/retrieval": "A caption looks for its picture among all, and a picture for its caption.",
    "scenes/colour_shape": "A single object is sorted into a class for each colour and shape.",
  },
};
