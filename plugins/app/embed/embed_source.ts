import { relative, sep } from "node:path";
import type { Context } from "../../../core/context.ts";
import { type DataSet, firstWithPicture, reportFaults } from "../../../core/dataset.ts";
import { listPictures } from "../../../core/host/images/list_pictures.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { captions, type CaptionsOptions } from "../../captions/mod.ts";
