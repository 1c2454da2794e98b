/** A sampler by the label people know from A1111, with the schedule type that its "Automatic" stands for. */
export interface SamplerLabel {
  label: string
  /** Other spellings seen in files and servers, lower case. */
  aliases: readonly string[]
  /** What A1111 takes for `Automatic`; absent: the model's own schedule. */
  automatic?: ScheduleType
}

/** Schedule types of A1111 v1.10, by label. */
export const scheduleTypes = [
  'Automatic',
  'Uniform',
  'Karras',
  'Exponential',
  'Polyexponential',
  'SGM Uniform',
  'KL Optimal',
  'Align Your Steps',
  'Simple',
  'Normal',
  'DDIM',
  'Beta',
] as const
export type ScheduleType = (typeof scheduleTypes)[number]

/** Samplers of A1111 v1.10 in its order. */
export const samplerLabels: readonly SamplerLabel[] = [
  { label: 'DPM++ 2M', aliases: ['k_dpmpp_2m', 'dpmpp_2m', 'dpm++2m'], automatic: 'Karras' },
  { label: 'DPM++ SDE', aliases: ['k_dpmpp_sde', 'dpmpp_sde'], automatic: 'Karras' },
  { label: 'DPM++ 2M SDE', aliases: ['k_dpmpp_2m_sde', 'dpmpp_2m_sde'], automatic: 'Exponential' },
  {
    label: 'DPM++ 2M SDE Heun',
    aliases: ['k_dpmpp_2m_sde_heun', 'dpmpp_2m_sde_heun'],
    automatic: 'Exponential',
  },
  { label: 'DPM++ 2S a', aliases: ['k_dpmpp_2s_a', 'dpmpp_2s_ancestral'], automatic: 'Karras' },
  { label: 'DPM++ 3M SDE', aliases: ['k_dpmpp_3m_sde', 'dpmpp_3m_sde'], automatic: 'Exponential' },
  { label: 'Euler a', aliases: ['k_euler_a', 'k_euler_ancestral', 'euler_ancestral', 'euler ancestral'] },
  { label: 'Euler', aliases: ['k_euler'] },
  { label: 'LMS', aliases: ['k_lms'] },
  { label: 'Heun', aliases: ['k_heun'] },
  { label: 'DPM2', aliases: ['k_dpm_2', 'dpm_2'], automatic: 'Karras' },
  { label: 'DPM2 a', aliases: ['k_dpm_2_a', 'dpm_2_ancestral'], automatic: 'Karras' },
  { label: 'DPM fast', aliases: ['k_dpm_fast', 'dpm_fast'] },
  { label: 'DPM adaptive', aliases: ['k_dpm_ad', 'dpm_adaptive'] },
  { label: 'Restart', aliases: [], automatic: 'Karras' },
  { label: 'DDIM', aliases: [] },
  { label: 'DDIM CFG++', aliases: ['ddim_cfgpp'] },
  { label: 'PLMS', aliases: [] },
  { label: 'UniPC', aliases: ['uni_pc', 'unipc'] },
  { label: 'LCM', aliases: [] },
]

/** The sampler meant by a label or alias, whatever its case; undefined when A1111 has none of that name. */
export function findSampler(text: string): SamplerLabel | undefined {
  const wanted = text.trim().toLowerCase()
  return samplerLabels.find(
    ({ label, aliases }) => label.toLowerCase() === wanted || aliases.includes(wanted),
  )
}

/** The schedule type meant by a label or by A1111's internal name (`sgm_uniform`), whatever its case. */
export function findScheduleType(text: string): ScheduleType | undefined {
  const wanted = text.trim().toLowerCase().replaceAll('_', ' ')
  return scheduleTypes.find((label) => label.toLowerCase() === wanted)
}

/** Splits the older one-name form, as in `DPM++ 2M Karras`, into sampler and schedule type. */
export function splitSampler(text: string): { sampler: string; scheduler?: ScheduleType } {
  const found = findSampler(text)
  if (found) return { sampler: found.label }
  for (const scheduler of scheduleTypes) {
    if (!text.toLowerCase().endsWith(` ${scheduler.toLowerCase()}`)) continue
    const sampler = findSampler(text.slice(0, -scheduler.length - 1))
    if (sampler) return { sampler: sampler.label, scheduler }
  }
  return { sampler: text }
}
