/** Paints one picture without closing the engine, and says the number of its child process. With `stay`, never ends. */
import { createEmbedded } from '../../nodes/services/images/embedded/embedded.ts'
import { paintOnce } from './painting.ts'

const [folder = '', stay] = process.argv.slice(2)
const backend = createEmbedded({ models: [folder], threads: 1 })
await paintOnce(backend)
console.log(backend.childPid)
if (stay) setInterval(() => {}, 1000)
