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
    "scenes/counting": "Is there one object, or are there two or three?",
    "scenes/negation":
      "This and not that, that and not this, or both: a scorer that does not see denials can only " +
      "guess.",
    "scenes/position": "In which of the picture's four corners is an object?",
    "scenes/relation": "Is an object left or right of another, above or below it?",
    "scenes/match_att":
      "Two pictures whose objects have exchanged their colours, and a caption of each: the same " +
      "words in another order.",
    "scenes/match_place":
      "Two pictures whose objects have exchanged their places, and a caption of each that tells " +
      "where one of them is: the pictures' embeddings must hold it.",
    "scenes/match_rel":
      "Two pictures whose objects have exchanged their places, and a caption of each that tells " +
      "their relation: the same words in another order.",
    "scenes/retrieval": "A caption looks for its picture among all, and a picture for its caption.",
    "scenes/colour_shape": "A single object is sorted into a class for each colour and shape.",
  },
};
