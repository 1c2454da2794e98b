import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Held, Holder } from '../../runtime/storage.ts'

/** This process, as the holder of runs. On Linux `started` counts from the boot of the machine, elsewhere from 1970. */
export function thisProcess(): Holder {
  const started = startedOnLinux(process.pid) ?? Math.round(performance.timeOrigin)
  return { pid: process.pid, host: hostName(), started }
}

/**
 * Whether a run's holder still works on it: its time has not run out, and if it runs on this host, its process is
 * there and is the same one. (`now` in milliseconds since 1970.)
 */
export function isAlive(held: Held, now: number): boolean {
  if (held.expiry <= now) return false
  if (held.host !== hostName()) return true
  if (!processExists(held.pid)) return false
  const started = startedOnLinux(held.pid)
  return started === undefined || started === held.started
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Field 22 of /proc/<pid>/stat (proc(5)): ticks of 10 ms since boot. The second field is the program's name and may
 * hold anything, so counting begins after its last bracket.
 */
function startedOnLinux(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
    return Number.isFinite(ticks) ? ticks * 10 : undefined
  } catch {
    return undefined
  }
}

/** The first pid namespace of a Linux machine (PROC_PID_INIT_INO in the kernel's proc_ns.h). */
const machineItself = 'pid:[4026531836]'

/** Containers that share a home may share a host name but not their process numbers. */
function hostName(): string {
  try {
    const namespace = readlinkSync('/proc/self/ns/pid')
    return namespace === machineItself ? hostname() : `${hostname()} ${namespace}`
  } catch {
    return hostname()
  }
}
