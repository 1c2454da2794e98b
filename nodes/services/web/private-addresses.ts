import { BlockList, isIP, isIPv6 } from 'node:net'

/** Networks that are not the public internet (IANA special-purpose registries, RFC 6890). */
const ipv4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/** Also those that hold an IPv4 address inside: it could be a private one. */
const ipv6: [string, number][] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
]

/** One list each: Node takes an IPv4 address for its form inside IPv6, which is in the second list as a whole. */
const blocked = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, prefix] of ipv4) blocked.ipv4.addSubnet(network, prefix, 'ipv4')
for (const [network, prefix] of ipv6) blocked.ipv6.addSubnet(network, prefix, 'ipv6')

/** Whether an IP address is outside the public internet. What is no address counts as private. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 0) return true
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  return blocked[family].check(address, family)
}
