/** What no browser but Chromium's tells; TypeScript does not know of it yet. */
interface UserAgentData {
  brands: { brand: string }[]
  platform: string
}

/** A name for this device in the list of sessions: `Chromium on Linux`, where the browser tells. */
export function deviceName(): string | null {
  const { userAgentData } = navigator as Navigator & { userAgentData?: UserAgentData }
  // Browsers add a brand that is none, such as `Not?A_Brand`, so that nobody relies on the list.
  const brand = userAgentData?.brands.findLast((each) => !/not.*brand/i.test(each.brand))?.brand
  return brand && userAgentData?.platform ? `${brand} on ${userAgentData.platform}` : null
}
