import { compiledFingerprints } from "./compiled-fingerprints.ts";

console.log(JSON.stringify(compiledFingerprints()));
