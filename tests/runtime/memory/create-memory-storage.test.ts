import { createMemoryStorage } from '../../../runtime/memory/create-memory-storage.ts'
import { storageSuite } from '../../storage-suite.ts'

storageSuite('memory', async () => createMemoryStorage())
