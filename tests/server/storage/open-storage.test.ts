import { join } from 'node:path'
import { openStorage } from '../../../server/storage/open-storage.ts'
import { storageSuite } from '../../storage-suite.ts'
import { temporaryFolder } from './temporary-home.ts'

storageSuite('a home folder', async () => openStorage(join(await temporaryFolder(), 'home')))
