/**
 * The same chain of no-op nodes in other engines. Plain JavaScript: the peers are installed in this folder only, for
 * measuring, and the project is checked without them.
 */

/** Milliseconds that Rivet takes to build a processor for a chain of `length` passthrough nodes and run it. */
export async function rivetChain(length) {
  const { createProcessor } = await import('@ironclad/rivet-node')
  const node = (id, i) => ({
    id,
    type: 'passthrough',
    title: 'Passthrough',
    visualData: { x: i * 10, y: 0, width: 175 },
    data: {},
  })
  const ids = Array.from({ length }, (_, i) => `n${i}`)
  const input = { id: 'in', type: 'text', title: 'Text', visualData: { x: 0, y: 0 }, data: { text: 'hello' } }
  const output = {
    id: 'out',
    type: 'graphOutput',
    title: 'Graph Output',
    visualData: { x: 0, y: 0 },
    data: { id: 'output', dataType: 'string' },
  }
  const chain = ['in', ...ids, 'out']
  const connections = chain.slice(1).map((to, i) => ({
    outputNodeId: chain[i],
    outputId: i === 0 ? 'output' : 'output1',
    inputNodeId: to,
    inputId: to === 'out' ? 'value' : 'input1',
  }))
  const graph = {
    metadata: { id: 'g', name: 'g', description: '' },
    nodes: [input, ...ids.map(node), output],
    connections,
  }
  const project = {
    metadata: { id: 'p', title: 'p', description: '', mainGraphId: 'g' },
    graphs: { g: graph },
    plugins: [],
    references: [],
  }
  const begun = performance.now()
  const outputs = await createProcessor(project, { graph: 'g', openAiKey: 'none' }).run()
  const ms = performance.now() - begun
  if (outputs.output?.value !== 'hello') throw new Error(`Rivet answered ${JSON.stringify(outputs)}`)
  return ms
}

/** Milliseconds that LangGraph takes to compile a chain of `length` nodes and run it, with its in-memory checkpoints. */
export async function langGraphChain(length) {
  const { Annotation, MemorySaver, START, END, StateGraph } = await import('@langchain/langgraph')
  const State = Annotation.Root({ text: Annotation() })
  const begun = performance.now()
  let graph = new StateGraph(State)
  for (let i = 0; i < length; i++) graph = graph.addNode(`n${i}`, ({ text }) => ({ text }))
  graph.addEdge(START, 'n0')
  for (let i = 1; i < length; i++) graph.addEdge(`n${i - 1}`, `n${i}`)
  graph.addEdge(`n${length - 1}`, END)
  const app = graph.compile({ checkpointer: new MemorySaver() })
  const { text } = await app.invoke(
    { text: 'hello' },
    { recursionLimit: length + 10, configurable: { thread_id: '1' } },
  )
  const ms = performance.now() - begun
  if (text !== 'hello') throw new Error(`LangGraph answered ${text}`)
  return ms
}
