// From USDC to sUSDai, and half of it into the redemption queue. RPC_URL and PRIVATE_KEY in the environment; USDC is the stablecoin's
// address. On a chain that the package does not know, ADDRESSES has the contracts' as JSON.
import { createPublicClient, createWalletClient, erc20Abi, formatUnits, http, parseUnits } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { addresses, qevAbi, susdaiAbi, usdaiAbi } from "usdai-abi";

const env = /** @type {Record<string, `0x${string}`>} */ (/** @type {any} */ (globalThis).process.env);
const transport = http(env.RPC_URL, { retryCount: 0 });
const reader = createPublicClient({ transport, pollingInterval: 50 });
const account = privateKeyToAccount(env.PRIVATE_KEY);
const wallet = createWalletClient({ account, transport });

const chainId = await reader.getChainId();
/** @type {Record<string, `0x${string}`>} */
const { usdai, susdai, qev } = env.ADDRESSES ? JSON.parse(env.ADDRESSES) : /** @type {any} */ (addresses)[chainId];

/**
 * Asks first, so that a refusal comes with its name and costs nothing; then sends, and waits.
 * @template T
 * @param {{ request: any, result: T }} simulated
 */
async function send({ request, result }) {
  const hash = await wallet.writeContract({ ...request, chain: null });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new Error(`${request.functionName} failed in ${hash}`);
  return result;
}
/** @param {`0x${string}`} token @param {`0x${string}`} spender @param {bigint} amount */
const approve = async (token, spender, amount) =>
  send(await reader.simulateContract({ account, address: token, abi: erc20Abi, functionName: "approve", args: [spender, amount] }));

// 1. USDC becomes USDai: at least 99.9 % of it, or nothing happens.
const dollars = parseUnits("1000", 6);
await approve(env.USDC, usdai, dollars);
const least = (parseUnits("1000", 18) * 999n) / 1000n;
const deposited = await send(
  await reader.simulateContract({
    account,
    address: usdai,
    abi: usdaiAbi,
    functionName: "deposit",
    args: [env.USDC, dollars, least, account.address],
  }),
);

// 2. USDai becomes sUSDai, whose price rises with interest.
await approve(usdai, susdai, deposited);
const shares = await send(
  await reader.simulateContract({
    account,
    address: susdai,
    abi: susdaiAbi,
    functionName: "deposit",
    args: [deposited, account.address],
  }),
);
const worth = await reader.readContract({ address: susdai, abi: susdaiAbi, functionName: "convertToAssets", args: [shares] });

// 3. Half of it takes a place in the queue. The request's id is the position's, an NFT; without a bid it waits its turn.
const position = await send(
  await reader.simulateContract({
    account,
    address: susdai,
    abi: susdaiAbi,
    functionName: "requestRedeem",
    args: [shares / 2n, account.address, account.address],
  }),
);
const pending = await reader.readContract({
  address: susdai,
  abi: susdaiAbi,
  functionName: "pendingRedeemRequest",
  args: [position, account.address],
});
const epochEnd = await reader.readContract({ address: qev, abi: qevAbi, functionName: "epochEnd" });

const settles = new Date(Number(epochEnd) * 1000).toISOString();
console.log(`${formatUnits(shares, 18)} sUSDai, worth ${formatUnits(worth, 18)} USDai`);
console.log(JSON.stringify({ position: String(position), shares: String(shares), pending: String(pending), settles }));
