import { type Page, type Request, expect } from "@playwright/test";

/** The page, as somebody uses it. */
export class Playground {
  /** Whom the page asked beside its server, and what the browser complained of. */
  readonly misdeeds: string[] = [];
  /** The last request to the schema that was made by the execute button. */
  asked: Request | undefined;

  private constructor(readonly page: Page) {}

  /** Opens the page, which gets through to `url` and to nobody else. */
  static async open(page: Page, url: string): Promise<Playground> {
    const playground = new Playground(page);
    const { misdeeds } = playground;
    await page.route("**/*", (route) => {
      const asked = route.request().url();
      if (asked.startsWith(`${url}/`) || asked.startsWith("data:")) return route.continue();
      misdeeds.push(`asked for ${asked}`);
      return route.abort();
    });
    page.on("console", (message) => {
      // Chromium reports a violated policy like this, whoever violates it: page or worker.
      if (message.type() === "error") misdeeds.push(message.text());
    });
    page.on("pageerror", (error) => misdeeds.push(String(error)));
    await page.goto(url);
    await expect(page.getByRole("tab", { name: "RequestOtp" })).toBeVisible();
    await expect.poll(() => playground.text("variables")).toContain("ada@example.com");
    return playground;
  }

  /** Brings a tab to the front, and its variables or headers below it. */
  async tab(name: string) {
    await this.page.getByRole("tab", { name, exact: true }).click();
    await expect.poll(() => this.text("operation")).toContain(` ${name}`);
  }

  /** Runs the tab in front. What it answers is an object's `data`. */
  async run<Data = Record<string, any>>(): Promise<Data> {
    const asked = this.page.waitForRequest((request) => request.url().endsWith("/graphql"));
    await this.page.getByRole("button", { name: /^Execute query/ }).click();
    this.asked = await asked;
    await expect.poll(() => this.text("response")).toMatch(/^\{[^]*\}$/);
    const answer = JSON.parse(await this.text("response"));
    expect(answer.errors).toBeUndefined();
    return answer.data;
  }

  /** What is in an editor. */
  async text(editor: "operation" | "variables" | "request-headers" | "response"): Promise<string> {
    return await this.page.evaluate((name) => {
      // GraphiQL puts its editors here.
      const monaco = (globalThis as Record<string, any>)["__MONACO"];
      const models: any[] = monaco?.editor.getModels() ?? [];
      const model = models.find(({ uri }) => uri.path.includes(name));
      return model?.getValue() ?? "";
    }, editor);
  }

  /** What is in an editor, when it has become JSON that looks like this. */
  async expect(editor: "variables" | "request-headers", like: Record<string, unknown>) {
    const content = async () => JSON.parse((await this.text(editor)) || "null");
    await expect.poll(content).toMatchObject(like);
  }

  /** Asks for the last code by its link, and has it filled in. */
  async fillInLastCode(): Promise<string> {
    await this.page.getByRole("button", { name: "Show the last code sent" }).click();
    const code = this.page.locator(".countersign-code output");
    await expect(code).toHaveText(/^\d{6}$/);
    await this.page.getByRole("button", { name: "Fill in" }).click();
    return await code.innerText();
  }

  async expectStanding(text: string) {
    await expect(this.page.getByText(text, { exact: true })).toBeVisible();
  }
}
