import { z } from 'zod'

/**
 * `scheduler/scheduler_config.json` of diffusers, as far as sampling needs it. Spacing stays open where the file says
 * nothing, since each sampler of diffusers then has a default of its own.
 */
export const SchedulerConfig = z.object({
  _class_name: z.string().optional(),
  num_train_timesteps: z.int().positive().default(1000),
  beta_start: z.number().positive().default(0.00085),
  beta_end: z.number().positive().default(0.012),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('scaled_linear'),
  trained_betas: z.array(z.number()).nullish(),
  prediction_type: z.enum(['epsilon', 'v_prediction', 'sample']).default('epsilon'),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).optional(),
  steps_offset: z.int().nonnegative().default(0),
  rescale_betas_zero_snr: z.boolean().default(false),
  set_alpha_to_one: z.boolean().default(true),
  clip_sample: z.boolean().default(false),
  clip_sample_range: z.number().positive().default(1),
  /** LCM only: steps of the schedule it was distilled on. */
  original_inference_steps: z.int().positive().default(50),
  timestep_scaling: z.number().positive().default(10),
})
export type SchedulerConfig = z.infer<typeof SchedulerConfig>
