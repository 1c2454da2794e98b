import { nodeFiles } from '../../nodes/index.generated.ts'
import { kinds } from '../../nodes/kinds/kinds.ts'
import { type Catalog, createCatalog } from '../../runtime/catalog.ts'
import { PlanographError } from '../../runtime/errors.ts'

/** The node types of this program. @throws `bug` when a file's name or folder is not what its definition says. */
export function programCatalog(): Catalog {
  for (const { file, category, definition } of nodeFiles) {
    if (definition.type !== file) throw misnamed(`${category}/${file}.ts`, `the type "${definition.type}"`)
    if (definition.category !== category)
      throw misnamed(`${category}/${file}.ts`, `the category "${definition.category}"`)
  }
  return createCatalog({ nodes: nodeFiles.map(({ definition }) => definition), kinds })
}

function misnamed(path: string, what: string): PlanographError {
  return new PlanographError('bug', `nodes/${path} defines ${what}; its name and folder must say the same.`, {
    code: 'misnamed-node',
    hint: 'Rename the file, or correct the definition.',
  })
}
