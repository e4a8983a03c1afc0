export { type ModuleReport, type ModuleVerifyConfig, verifyModule } from "./judge/verifyModule.ts";
export { ModuleError } from "./judge/errors.ts";
