// What the package's types must not let pass; each line after a directive is an error, or the check fails.
import { createPublicClient, http } from "viem";
import { qevAbi, susdaiAbi } from "usdai-abi";

const node = createPublicClient({ transport: http() });
const address = "0x0000000000000000000000000000000000000001";

// @ts-expect-error: there is no such function
await node.readContract({ address, abi: susdaiAbi, functionName: "sharePrice" });
// @ts-expect-error: it writes
await node.readContract({ address, abi: susdaiAbi, functionName: "requestRedeem", args: [1n, address, address] });
// @ts-expect-error: an amount is no text
await node.readContract({ address, abi: susdaiAbi, functionName: "convertToShares", args: ["1"] });
// @ts-expect-error: an argument is missing
await node.readContract({ address, abi: susdaiAbi, functionName: "pendingRedeemRequest", args: [1n] });
// @ts-expect-error: assets are a bigint
const assets: string = await node.readContract({ address, abi: susdaiAbi, functionName: "convertToAssets", args: [1n] });
// @ts-expect-error: five values, of which the second is a small number
const place: readonly [string, bigint, bigint, bigint, bigint] = await node.readContract({
  address,
  abi: qevAbi,
  functionName: "position",
  args: [1n],
});
