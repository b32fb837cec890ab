"use strict";

// jsii requires the provider package as a whole, and its index.js requires 2,100 files: 3 s, of which a module
// needs thirty. Here each line `exports.x = require("./x")` of that one index becomes a getter that requires on
// first use. Should the index ever look different, nothing matches and it loads as it is, slowly.

const Module = require("node:module");

const INDEX = /[\\/]@cdktf[\\/]provider-aws[\\/]lib[\\/]index\.js$/;
const EAGER = /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/gm;
const LAZY = 'Object.defineProperty(exports, "$1", { enumerable: true, configurable: true, get: () => require("$2") });';

const loadScript = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename) {
  if (INDEX.test(filename)) {
    const compile = module._compile;
    module._compile = function (source, ...rest) {
      return compile.call(this, source.replace(EAGER, LAZY), ...rest);
    };
  }
  return loadScript(module, filename);
};
