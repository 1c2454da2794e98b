import type { Choosing } from './choose-parameters.ts'

/** A paragraph that a beginner learns from: what matters most in this plan, and what to try next. */
export function advise({ draft, facts, wish, model }: Choosing): string {
  return [lesson({ draft, facts, wish, model }), next(facts.intent)].join(' ')
}

function lesson({ draft, facts, wish, model }: Choosing): string {
  const { family } = model
  if (facts.intent === 'inpaint')
    return 'Inpainting repaints only what the mask covers, so the prompt describes what shall be there, not the whole picture. Draw the mask a little larger than the thing: the model needs room for its edge and its shadow.'
  if (facts.intent === 'img2img')
    return `Denoising strength decides how much of your picture survives: up to about 0.4 surfaces and colours change, from about 0.7 shapes move, at 1 only the size is left. The prompt describes the finished picture, not the change: "a house at night" works, "make it darker" does not${facts.picture?.prompt ? ', so the plan starts from the prompt your picture was painted with' : ''}.`
  if (family.id === 'demo')
    return 'The demo model knows a few hundred words: one subject with its colour, a place, a time of day and a style. Say all five and little is left to chance; leave one out and the seed decides it. It is small and paints at 256 pixels, so use it to learn how plans, seeds and reviews work, then connect a Stable Diffusion server for real pictures.'
  if (family.stepRange[1] <= 8)
    return `${family.title} is distilled: it finishes in ${family.stepRange[0]} to ${family.stepRange[1]} steps and hardly needs guidance. More steps or a higher CFG scale do not make it better but harsher, and with so little guidance a negative prompt does next to nothing: say what you want to see instead of what you do not.`
  if (family.cfgRange[1] <= 2)
    return `${family.title} has its guidance built in, so the CFG scale stays at 1 and a negative prompt does nothing: say what you want to see instead of what you do not. It reads whole sentences, so describe the picture as you would to a friend on the phone.`
  if (wish.scene.join(' ').split(' ').length < 4)
    return 'A short prompt leaves most of the picture to chance. Four things carry a picture: the subject and what it does, the place, the light or time of day, and the style or medium. Add them one at a time and watch what each one changes.'
  if ((draft.plan.cfg ?? 0) < family.cfg)
    return 'The CFG scale says how hard the prompt pulls. For photographs a little less looks more natural, because strong guidance exaggerates contrast and skin; for graphic styles a little more keeps shapes and colours clear.'
  return 'Words at the front of a prompt weigh most, so the subject comes first and the style last. Steps past the usual number change little; if a picture is wrong, change the words or the seed before you touch the numbers.'
}

function next(intent: Choosing['facts']['intent']): string {
  const knob = intent === 'txt2img' ? 'one word' : 'the denoising strength'
  return `To learn what a setting does, keep the seed and change only ${knob}; to see other pictures of the same plan, keep the plan and change the seed.`
}
