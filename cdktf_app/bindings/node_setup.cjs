"use strict";

// What the Node process behind jsii does differently, so that it starts and answers faster. Should cdktf or the
// bindings ever look different, nothing here matches: the index loads as it is, slowly, and ids end in a hash, which
// no test lets pass.

const Module = require("node:module");

// jsii requires the provider package as a whole, and its index.js requires 2,100 files: 3 s, of which a module
// needs thirty. Here each line `exports.x = require("./x")` of that one index becomes a getter that requires on
// first use.
const INDEX = /[\\/]@cdktf[\\/]provider-aws[\\/]lib[\\/]index\.js$/;
const EAGER = /^exports\.(\w+) = require\("(\.\/[\w-]+)"\);$/gm;
const LAZY = 'Object.defineProperty(exports, "$1", { enumerable: true, configurable: true, get: () => require("$2") });';

// The ids of this project (cdktf_app/module_stack.py says what they look like). Given here, cdktf does not ask Python
// for each: three round trips less an element.
const STACK = /[\\/]cdktf[\\/][^]*lib[\\/]terraform-stack\.js$/;
const ALLOCATE = /\ballocateLogicalId\(tfElement\) \{/;
const READABLE = `allocateLogicalId(tfElement) { return (${readableId})((tfElement.node ?? tfElement).path);`;

function readableId(path) {
  const belowStack = path.split("/").slice(1);
  // What hangs on the stack itself (variables, outputs, locals) keeps its own name.
  const belowPart = belowStack.length > 1 ? belowStack.slice(1) : belowStack;
  if (belowPart.length > 1 && belowPart.at(-1) === "this") {
    belowPart.pop();
  }
  return belowPart.join("_");
}

// A token remembers where it was made, for errors: in lines of JavaScript, which tell nobody here anything.
const TRACE = /[\\/]cdktf[\\/][^]*lib[\\/]tokens[\\/]private[\\/]stack-trace\.js$/;
const CAPTURE = /\bfunction captureStackTrace\(below\) \{/;
const NOTHING = "function captureStackTrace() { return [];";

// What packs assets as archives is loaded when one is packed: no architecture here has one.
const PACKING = /[\\/]cdktf[\\/]lib[\\/]private[\\/]fs\.js$/;
const ARCHIVER = /^const archiver = require\("archiver"\);$/m;
const LATER = 'const archiver = (...given) => require("archiver")(...given);';

const REWRITTEN = [
  [INDEX, EAGER, LAZY],
  [PACKING, ARCHIVER, LATER],
  [STACK, ALLOCATE, READABLE],
  [TRACE, CAPTURE, NOTHING],
];

const loadScript = Module._extensions[".js"];

Module._extensions[".js"] = function (module, filename) {
  const found = REWRITTEN.find(([file]) => file.test(filename));
  if (found) {
    const [, part, replacement] = found;
    const compile = module._compile;
    module._compile = function (source, ...rest) {
      // Only the provider's index has groups to fill in; READABLE may hold dollar signs of its own.
      const text = replacement === LAZY ? source.replace(part, LAZY) : source.replace(part, () => replacement);
      return compile.call(this, text, ...rest);
    };
  }
  return loadScript(module, filename);
};
