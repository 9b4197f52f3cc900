// In by one transaction, out by a sealed bid, in four steps that wait for the queue's clock:
//
//   node exit.js enter 1000     1,000 USDC become sUSDai
//   node exit.js bid 20         all of it takes a place in the queue, with a sealed bid of 20 ticks: 1 % of what it will be paid
//   node exit.js reveal FILE    in the reveal window, the epoch's last days: opens the bid
//   node exit.js claim FILE     after the settlement: USDai
//
// RPC_URL, PRIVATE_KEY and USDC, the stablecoin's address, are in the environment; so is ADDRESSES, the contracts' as JSON, on a chain that
// the package does not know. The secret of each bid is kept in a FILE of its own, which `bid` names, in BID_FOLDER or here: without it the
// bid cannot be opened.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env, argv } from "node:process";
import {
  createPublicClient,
  createWalletClient,
  encodeAbiParameters,
  erc20Abi,
  formatUnits,
  http,
  keccak256,
  parseAbiParameters,
  parseEventLogs,
  parseUnits,
  toHex,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { addresses, gatewayAbi, qevAbi, susdaiAbi } from "usdai-abi";

/** @typedef {`0x${string}`} Hex */
const transport = http(env.RPC_URL, { retryCount: 0 });
const node = createPublicClient({ transport, pollingInterval: 100 });
const account = privateKeyToAccount(/** @type {Hex} */ (env.PRIVATE_KEY));
const wallet = createWalletClient({ account, transport });
const chainId = await node.getChainId();
/** @type {Record<"gateway" | "susdai" | "qev", Hex>} */
const { gateway, susdai, qev } = env.ADDRESSES ? JSON.parse(env.ADDRESSES) : /** @type {any} */ (addresses)[chainId];
const usdc = /** @type {Hex} */ (env.USDC);

/**
 * Sends what a simulation has found to succeed, and waits for it. A refusal comes from the simulation, by its name, and costs nothing.
 * @param {{ request: any }} simulated
 */
async function send({ request }) {
  const hash = await wallet.writeContract({ ...request, chain: null });
  const receipt = await node.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`${request.functionName} failed in ${hash}`);
  return receipt;
}

/** @param {string} dollars */
async function enter(dollars) {
  const amount = parseUnits(dollars, 6);
  await send(
    await node.simulateContract({ account, address: usdc, abi: erc20Abi, functionName: "approve", args: [gateway, amount] }),
  );
  // At least 99.9 % of it in dollars, and the shares that they buy at a price that is at most 0.1 % above that of now; or nothing. Not
  // `convertToShares`, which deducts marks and what has not vested: the price of entry does not.
  const leastUsdai = (parseUnits(dollars, 18) * 999n) / 1000n;
  const worth = await node.readContract({ address: susdai, abi: susdaiAbi, functionName: "previewDeposit", args: [leastUsdai] });
  const { timestamp } = await node.getBlock();
  const args = /** @type {const} */ ([usdc, amount, leastUsdai, (worth * 999n) / 1000n, account.address, timestamp + 600n]);
  await send(await node.simulateContract({ account, address: gateway, abi: gatewayAbi, functionName: "depositAndStake", args }));
  const shares = await node.readContract({ address: susdai, abi: susdaiAbi, functionName: "balanceOf", args: [account.address] });
  console.log(`${formatUnits(shares, 18)} sUSDai`);
}

/** @param {string} ticks  steps of 5 basis points */
async function bid(ticks) {
  const tick = Number(ticks);
  // One of another tick could be sealed, and never opened: it would cost its bond.
  if (!Number.isInteger(tick) || tick < 2 || tick > 255) throw new Error(`a bid is 2 to 255 ticks of 5 basis points, not ${ticks}`);
  const shares = await node.readContract({ address: susdai, abi: susdaiAbi, functionName: "balanceOf", args: [account.address] });
  const args = /** @type {const} */ ([shares, account.address, account.address]);
  const requested = await send(
    await node.simulateContract({ account, address: susdai, abi: susdaiAbi, functionName: "requestRedeem", args }),
  );
  // The id from the event and not from the simulation: somebody else's request may have come between.
  const [opened] = parseEventLogs({ abi: qevAbi, eventName: "PositionOpened", logs: requested.logs });
  const { position } = opened.args;

  // Computed here: a node that is asked for `commitmentOf` learns the bid.
  const epoch = await node.readContract({ address: qev, abi: qevAbi, functionName: "epoch" });
  const salt = toHex(randomBytes(32));
  const sealed = parseAbiParameters("uint256, address, uint256, uint256, uint8, bytes32");
  const commitment = keccak256(encodeAbiParameters(sealed, [BigInt(chainId), qev, epoch, position, tick, salt]));
  // On disk before the chain knows of it: a bid that is not opened costs half a per cent of the position. In no other bid's place.
  const file = join(env.BID_FOLDER ?? ".", `bid-${chainId}-${position}-${epoch}.json`);
  const secret = JSON.stringify({ chainId, position: String(position), epoch: String(epoch), tick, salt });
  writeFileSync(file, secret, { mode: 0o600, flag: "wx" });
  await send(
    await node.simulateContract({ account, address: qev, abi: qevAbi, functionName: "commitBid", args: [position, commitment] }),
  );
  const [genesis, epochSeconds, revealSeconds] = await node.readContract({ address: qev, abi: qevAbi, functionName: "schedule" });
  const opens = genesis + (epoch + 1n) * epochSeconds - revealSeconds;
  console.log(`position ${position} waits; reveal ${file} from ${new Date(Number(opens) * 1000).toISOString()} on`);
}

/** @param {string} file */
async function reveal(file) {
  const { position, tick, salt } = JSON.parse(readFileSync(file, "utf8"));
  const args = /** @type {const} */ ([BigInt(position), /** @type {number} */ (tick), /** @type {Hex} */ (salt)]);
  await send(await node.simulateContract({ account, address: qev, abi: qevAbi, functionName: "revealBid", args }));
  const [premium] = await node.readContract({ address: qev, abi: qevAbi, functionName: "clearingEstimate" });
  console.log(`bid opened; if the epoch ended now, the premium would be ${premium} bps`);
}

/** @param {string} file */
async function claim(file) {
  const { position } = JSON.parse(readFileSync(file, "utf8"));
  const [, , pending, , assets] = await node.readContract({ address: qev, abi: qevAbi, functionName: "position", args: [BigInt(position)] });
  if (assets > 0n) {
    const args = /** @type {const} */ ([BigInt(position), account.address]);
    await send(await node.simulateContract({ account, address: qev, abi: qevAbi, functionName: "claim", args }));
  }
  console.log(`${formatUnits(assets, 18)} USDai paid, ${formatUnits(pending, 18)} sUSDai still wait`);
}

const steps = /** @type {Record<string, (argument: string) => Promise<void>>} */ ({ enter, bid, reveal, claim });
const step = steps[argv[2]];
if (!step) throw new Error(`which step? ${Object.keys(steps).join(", ")}`);
await step(argv[3]);
