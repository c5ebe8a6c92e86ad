// The protocol broken on purpose, each time in one place: the injector must find it.

import { MENDED } from "/static/outbox.js";
import { take } from "./server.js";

const posting = (around) => (real) => ({
  ...real,
  lineTo: (...given) => around(real.lineTo(...given)),
  Outbox: class extends real.Outbox {
    constructor(store, post, newReceipt) {
      super(store, (sheet) => post(sheet, store, newReceipt), newReceipt);
    }
  },
});

const extending = (change) => (real, world) => ({ ...real, Outbox: change(real.Outbox, world) });

export const broken = {
  // forgotten before the server has answered
  forgetsFirst: posting((post) => async (sheet, store) => {
    await store.drop(sheet.receipt);
    return post(sheet);
  }),
  // each attempt under a name of its own
  namesAnew: posting((post) => (sheet, store, newReceipt) => post({ ...sheet, receipt: newReceipt() })),
  // silence is taken for «taken»
  believesSilence: posting((post) => (sheet) => post(sheet).catch(() => ({ told: "taken" }))),
  // whatever waits is sent to the address of the page that is open
  ownAddress: (real) => ({ ...real, lineTo: (addressOf, world, own) => real.lineTo(() => own, world) }),
  // «taken» is not remembered until the person was told
  forgetsUntold: extending((Outbox) => class extends Outbox {
    taken({ receipt }) {
      return this.store.drop(receipt);
    }
  }),
  // a sheet that is refused while its person is away is a draft among others, without a word
  quietRefusal: extending((Outbox) => class extends Outbox {
    giveBack(sheet) {
      return this.store.change(sheet.receipt, (now) => now && { ...now, state: "draft" });
    }

    async sendAll() {
      return (await super.sendAll()).filter((one) => !MENDED.includes(one.told));
    }
  }),
  // a refusal that comes late takes back what another window has sent since
  staleRefusal: extending((Outbox) => class extends Outbox {
    giveBack(sheet) {
      return this.store.change(sheet.receipt, (now) => now && { ...now, state: "draft" });
    }
  }),
  // what another person sends from another window is written over
  overOthers: extending((Outbox) => class extends Outbox {
    isOthers() {
      return false;
    }
  }),
  // what the device has no more is thanked for and not sent
  thanksUnseen: extending((Outbox) => class extends Outbox {
    async submit(receipt, whole) {
      return await this.store.get(receipt) ? super.submit(receipt, whole) : { told: "again", receipt };
    }

    taken({ receipt }) {
      return this.store.drop(receipt);
    }
  }),
  // «it is kept» is said where nothing is
  saysKept: (real) => ({
    ...real,
    openStore: async (factory) => Object.assign(await real.openStore(factory), { keeps: () => true }),
  }),
  // whatever has an answer is taken
  believesRubbish: posting((post) => async (sheet) => {
    const answer = await post(sheet);
    return answer?.told === undefined || answer.told === "welcome" ? { told: "taken" } : answer;
  }),
  // «not begun yet» is taken for the last word
  forgetsEarly: posting((post) => async (sheet, store) => {
    const answer = await post(sheet);
    if (answer?.told === "early") await store.drop(sheet.receipt);
    return answer;
  }),
  // each window begins a sheet of its own
  draftEach: extending((Outbox) => class extends Outbox {
    async open(token) {
      const receipt = this.newReceipt();
      return this.store.change(receipt, () => ({ token, receipt, code: "", answers: {}, step: 0, state: "draft" }));
    }
  }),
  // the server knows neither a receipt nor a code again
  forgetfulServer: (real, world) => {
    world.arrive = (token, sent) => {
      const link = { ...world.links[token], way: "open", receipts: {} };
      const told = take({ [token]: link }, { token, ...sent }, world.today());
      return { told, said: told };
    };
    return real;
  },
};
