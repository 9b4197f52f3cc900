// Compiles contracts/, what the project deploys in Solidity and its example for integrators, and gathers the artifacts of third-party
// contracts: target/solidity/NAME.json, each {abi, bytecode, deployedBytecode}; and reads our own contracts' interfaces, contracts/abi of
// the project, as any integrator's compiler would: target/solidity/IName.json, {abi, devdoc, userdoc}. Does nothing when no input has changed.
// `node compile.js [OUTPUT_FOLDER]`
"use strict";

const { createHash } = require("crypto");
const fs = require("fs");
const path = require("path");

const sources = path.join(__dirname, "contracts");
const interfaces = path.join(__dirname, "../../contracts/abi");
const deployed = path.join(__dirname, "../../contracts/proxy");
const examples = path.join(__dirname, "../../docs/examples/solidity");
const output = path.resolve(process.argv[2] ?? path.join(__dirname, "../../target/solidity"));

// Taken as their authors compiled them: the code that runs on Arbitrum, not a new build of it.
const published = {
  UniswapV3Factory: "@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json",
  UniswapV3Pool: "@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json",
  NonfungiblePositionManager:
    "@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json",
  SwapRouter02: "@uniswap/swap-router-contracts/artifacts/contracts/SwapRouter02.sol/SwapRouter02.json",
  QuoterV2: "@uniswap/swap-router-contracts/artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json",
  WETH9: "@arbitrum/nitro-contracts/build/contracts/src/mocks/TestWETH9.sol/TestWETH9.json",
  StylusDeployer: "@arbitrum/nitro-contracts/build/contracts/src/stylus/StylusDeployer.sol/StylusDeployer.json",
};

const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  // Without it the bytecode is a function of the source alone, comments and paths left out.
  metadata: { appendCBOR: false, bytecodeHash: "none" },
  outputSelection: { "*": { "*": ["abi", "devdoc", "userdoc", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
};

function compile(files) {
  const read = (file) => fs.readFileSync(file, "utf8");
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(files.map((file) => [path.basename(file), { content: read(file) }])),
    settings,
  };
  const imports = (name) => ({ contents: read(require.resolve(name)) });
  const result = JSON.parse(require("solc").compile(JSON.stringify(input), { import: imports }));
  // 2394 warns of any use of transient storage; Consumer uses it on purpose.
  const errors = (result.errors ?? []).filter(({ errorCode }) => errorCode !== "2394").map((error) => error.formattedMessage);
  if (errors.length > 0) throw new Error(`Solidity does not compile cleanly:\n${errors.join("\n")}`);

  const artifacts = {};
  for (const file of files) {
    for (const [contract, { abi, devdoc, userdoc, evm }] of Object.entries(result.contracts[path.basename(file)])) {
      const bytecode = `0x${evm.bytecode.object}`;
      if (path.dirname(file) === interfaces) artifacts[contract] = { abi, devdoc, userdoc };
      if (bytecode === "0x") continue; // abstract
      artifacts[contract] = { abi, bytecode, deployedBytecode: `0x${evm.deployedBytecode.object}` };
    }
  }
  return artifacts;
}

function main() {
  const solidity = (folder) => fs.readdirSync(folder).filter((name) => name.endsWith(".sol")).sort().map((name) => path.join(folder, name));
  const files = [sources, deployed, examples, interfaces].flatMap(solidity);
  const inputs = [...files, __filename, path.join(__dirname, "package-lock.json")];
  const digest = createHash("sha256");
  for (const file of inputs) digest.update(fs.readFileSync(file)).update("\0");
  const fingerprint = digest.digest("hex");
  const stamp = path.join(output, ".inputs");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === fingerprint) return;

  const artifacts = compile(files);
  for (const [contract, file] of Object.entries(published)) {
    const { abi, bytecode, deployedBytecode } = require(file);
    artifacts[contract] = { abi, bytecode, deployedBytecode };
  }
  fs.rmSync(output, { recursive: true, force: true });
  fs.mkdirSync(output, { recursive: true });
  for (const [contract, artifact] of Object.entries(artifacts)) {
    fs.writeFileSync(path.join(output, `${contract}.json`), `${JSON.stringify(artifact, null, 2)}\n`);
  }
  fs.writeFileSync(stamp, fingerprint);
  console.log(`solidity: ${Object.keys(artifacts).length} artifacts in ${path.relative(process.cwd(), output)}`);
}

try {
  main();
} catch (error) {
  const hint = error.code === "MODULE_NOT_FOUND" ? "\nThe npm packages are missing or stale; run scripts/setup." : "";
  console.error(`${error.message}${hint}`);
  process.exit(1);
}
