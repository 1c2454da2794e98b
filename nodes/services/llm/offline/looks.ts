/** A word a wish may hold, with what it says to a model. */
export interface Entry {
  id: string
  /** As people write it, lower case. */
  words: readonly string[]
  /** What is written into a prompt for it. */
  prompt: string
}

export interface Style extends Entry {
  /** What the style is not, for the negative prompt. */
  negative: string
  /** CFG scale relative to the family's: photographs look natural when guided less. */
  cfg: number
}

const look = (id: string, words: string, prompt: string): Entry => ({ id, words: words.split(' | '), prompt })
const style = (id: string, words: string, prompt: string, negative: string, cfg = 0): Style => ({
  ...look(id, words, prompt),
  negative,
  cfg,
})

const noPhoto = 'photograph, 3d render'

export const styles: readonly Style[] = [
  style(
    'photograph',
    'photorealistic | photo-realistic | realistic photo | photograph | photography | photo',
    'photograph, natural colours, sharp focus',
    'painting, drawing, cartoon',
    -1,
  ),
  style(
    'vintage photograph',
    'vintage photo | old photo | polaroid | film photo | analog photo | analogue photo',
    'vintage photograph, film grain, faded colours',
    'painting, drawing, modern',
    -1,
  ),
  style(
    'watercolour',
    'watercolour | watercolor | aquarelle',
    'watercolour painting, soft washes, paper texture',
    noPhoto,
  ),
  style(
    'oil painting',
    'oil painting | oil paint | oils | oil on canvas',
    'oil painting, visible brush strokes, canvas',
    noPhoto,
  ),
  style(
    'impressionist',
    'impressionist | impressionism | impressionistic',
    'impressionist painting, broken colour, loose brush strokes',
    noPhoto,
  ),
  style(
    'storybook',
    "storybook | children's book | childrens book | picture book | fairytale | fairy tale",
    'storybook illustration, clean outlines, gentle colours',
    noPhoto,
  ),
  style(
    'pencil sketch',
    'pencil sketch | pencil drawing | pencil | charcoal drawing | graphite',
    'pencil drawing, hatching, white paper',
    `${noPhoto}, colour`,
  ),
  style(
    'ink',
    'ink drawing | ink | line art | lineart | woodcut | linocut | engraving',
    'ink drawing, confident lines, high contrast',
    noPhoto,
  ),
  style(
    'flat vector',
    'flat vector | vector art | vector | flat design | flat | minimalist | minimal | papercut | paper cut',
    'flat vector illustration, simple shapes, limited palette',
    `${noPhoto}, gradients, clutter`,
  ),
  style(
    'comic',
    'comic book | comic | graphic novel | cartoon',
    'comic book art, bold outlines, flat colours',
    noPhoto,
  ),
  style(
    'anime',
    'anime | manga | cel shaded | cel-shaded',
    'anime illustration, cel shading, clean lines',
    noPhoto,
  ),
  style(
    'pixel art',
    'pixel art | pixelart | 8-bit | 16-bit',
    'pixel art, limited palette, crisp pixels',
    `${noPhoto}, blurry`,
  ),
  style(
    '3d render',
    '3d render | 3d rendering | 3d | octane | blender | cgi | pixar',
    '3d render, global illumination, soft shadows',
    'painting, sketch, flat',
  ),
  style(
    'low poly',
    'low poly | low-poly | lowpoly',
    'low poly 3d render, faceted shapes',
    'photograph, painting',
  ),
  style('isometric', 'isometric', 'isometric view, clean geometry', 'photograph'),
  style(
    'poster',
    'travel poster | vintage poster | retro poster | art deco',
    'vintage travel poster, screen print, bold shapes',
    noPhoto,
  ),
  style(
    'ukiyo-e',
    'ukiyo-e | ukiyo e | woodblock | japanese print',
    'ukiyo-e woodblock print, flat colours, fine outlines',
    noPhoto,
  ),
  style(
    'film noir',
    'film noir | noir | black and white | monochrome | black-and-white',
    'black and white, film noir, strong contrast',
    'colour',
  ),
  style(
    'cyberpunk',
    'cyberpunk | synthwave | vaporwave',
    'cyberpunk, neon signs, wet reflections',
    'daylight',
  ),
]

export const moods: readonly Entry[] = [
  look('cosy', 'cosy | cozy | homely | snug', 'inviting warm light'),
  look('peaceful', 'peaceful | calm | serene | tranquil | quiet | restful', 'calm composition, soft colours'),
  look('cheerful', 'cheerful | happy | joyful | playful | fun | friendly', 'bright cheerful colours'),
  look('dreamy', 'dreamy | dreamlike | magical | whimsical | enchanted | surreal', 'dreamlike, soft glow'),
  look(
    'gloomy',
    'gloomy | sad | melancholy | melancholic | lonely | sombre | somber | bleak',
    'muted colours, overcast sky',
  ),
  look('eerie', 'eerie | spooky | scary | creepy | haunted | sinister | ominous', 'eerie fog, long shadows'),
  look('mysterious', 'mysterious | mystical | enigmatic', 'mist, deep shadows'),
  look('epic', 'epic | dramatic | majestic | heroic | grand', 'dramatic sky, strong contrast'),
  look('romantic', 'romantic | tender | nostalgic | sentimental', 'soft warm light, gentle haze'),
]

export const lights: readonly Entry[] = [
  look('golden hour', 'golden hour | golden light | warm light | late sun', 'golden hour, long warm shadows'),
  look(
    'backlight',
    'backlit | backlight | against the light | silhouette | rim light',
    'backlit, glowing edges',
  ),
  look(
    'candlelight',
    'candlelight | candle light | candlelit | firelight | lamplight | lantern light',
    'candlelight, warm pools of light',
  ),
  look('neon', 'neon lights | neon light | neon', 'neon light, coloured reflections'),
  look('studio light', 'studio light | studio lighting | softbox', 'studio lighting, soft key light'),
  look('moonlight', 'moonlight | moonlit', 'moonlight, blue shadows'),
  look(
    'soft light',
    'soft light | soft lighting | diffuse light | overcast | foggy | misty',
    'soft diffuse light',
  ),
  look(
    'hard light',
    'hard light | harsh light | bright sun | dramatic lighting | dramatic light | chiaroscuro',
    'hard directional light, deep shadows',
  ),
  look('cold light', 'cold light | cool light | blue hour | wintry light', 'cold blue light'),
]

export const times: readonly Entry[] = [
  look('dawn', 'dawn | sunrise | daybreak | early morning | morning', 'at dawn'),
  look('dusk', 'dusk | sunset | sundown | twilight | nightfall | evening', 'at dusk'),
  look('night', 'night | midnight | nighttime | night-time | starry | moonlit | moonlight', 'at night'),
  look('day', 'daytime | daylight | noon | midday | afternoon | sunny | by day | day', 'in daylight'),
]

export const colours: readonly string[] =
  'red | crimson | scarlet | orange | yellow | golden | gold | green | emerald | turquoise | teal | blue | navy | azure | purple | violet | lilac | pink | brown | black | white | grey | gray | silver | beige'.split(
    ' | ',
  )
