// A session that nobody uses: the page asks, keeps what was typed, and goes with whoever signed out elsewhere. Only the time is made up:
// what the server says of it is answered in its place, everything else is asked of the server.
import { newPatient } from '../fixtures/house.mjs';
import { alive, signInToHear } from '../fixtures/hydration.mjs';
import { expect, test, withAndWithoutScripts } from '../fixtures/journey.mjs';
import { main, signIn } from '../fixtures/people.mjs';
import { t } from '../fixtures/words.mjs';

// What passes through a service worker cannot be answered in the server's place.
test.use({ serviceWorkers: 'block' });

const SECURITY = '/account/security';

/** Lets the server's answer to how long the session lasts be another one. */
async function secondsLeft(page, seconds) {
  await page.route('**/_fn/session-left', (route) => route.fulfill({ json: seconds }));
}

function question(page) {
  return page.getByRole('alertdialog', { name: t('stay.title') });
}

async function open(page, request) {
  const person = await newPatient(request);
  await page.clock.install();
  await signIn(page, person.email, { password: person.password, next: SECURITY });
  await alive(page);
  return person;
}

test('a page that nobody uses asks, and goes on when somebody is there', async ({ page, request }) => {
  await open(page, request);
  await secondsLeft(page, 90);
  const email = main(page).getByLabel(t('credentials.new_email'));
  await email.fill('not.yet@example.org');
  await page.clock.fastForward('28:05');
  await expect(question(page)).toBeVisible();
  await expect(question(page).getByRole('timer')).toHaveText(/^1:[0-3]\d$/);
  // By the button, or by the key that closes.
  const answered = page.waitForResponse('**/_fn/stay-signed-in');
  await question(page).getByRole('button', { name: t('stay.stay') }).click();
  expect(await (await answered).json()).toBeGreaterThan(1700);
  await expect(question(page)).toBeHidden();
  await expect(email).toHaveValue('not.yet@example.org');
  await page.clock.fastForward('28:05');
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question(page)).toBeHidden();
  await expect(page).toHaveURL(SECURITY);
});

test('it asks on whatever page one has gone to by then', async ({ page, request }) => {
  const person = await newPatient(request);
  await page.clock.install();
  await signIn(page, person.email, { password: person.password, next: '/' });
  await alive(page);
  const navigation = page.getByRole('navigation', { name: t('shell.main_navigation') });
  await navigation.getByRole('link', { name: t('patient.my_visits') }).click();
  await expect(page.getByRole('heading', { level: 1, name: t('patient.my_visits') })).toBeVisible();
  await page.mouse.click(5, 300);
  await secondsLeft(page, 90);
  await page.clock.fastForward('28:05');
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question(page)).toBeHidden();
  // Whatever is done from now on is noted, too.
  const noted = page.waitForResponse('**/_fn/stay-signed-in');
  await page.clock.fastForward('01:10');
  await page.mouse.click(5, 300);
  await noted;
});

test('what nothing puts off is only said, and one goes on until then', async ({ page, request }) => {
  await open(page, request);
  await secondsLeft(page, 90);
  await page.route('**/_fn/stay-signed-in', (route) => route.fulfill({ json: 80 }));
  await page.clock.fastForward('28:05');
  await question(page).getByRole('button', { name: t('stay.stay') }).click();
  const told = page.getByRole('alertdialog', { name: t('stay.last_title') });
  await expect(told).toContainText(t('stay.last'));
  await told.getByRole('button', { name: t('stay.go_on') }).click();
  await expect(told).toBeHidden();
  await expect(page).toHaveURL(SECURITY);
});

test('a page whose session is over hands over what was typed, and no secret', async ({ page, request }) => {
  const person = await open(page, request);
  const form = main(page).locator('form[action="/_fn/change-email"]');
  await form.getByRole('textbox', { name: t('credentials.new_email') }).fill('not.yet@example.org');
  await form.getByLabel(t('auth.password')).fill(person.password);
  // The server knows that it goes on; here it says that it does not.
  await secondsLeft(page, null);
  await page.route('**/_fn/session-over', (route) => route.fulfill({ json: true }));
  const handed = page.waitForRequest('**/_fn/session-over');
  await page.clock.fastForward('28:05');
  const { form: action, values } = (await handed).postDataJSON();
  expect(action).toBe('/_fn/change-email');
  expect(values).toEqual([['email', 'not.yet@example.org']]);
  await expect(page).toHaveURL(/\/sign-in\?ended=1/);
  await expect(main(page)).toContainText(t('stay.ended_title'));
});

test('a page that was wrong about the end goes on', { tag: '@engine' }, async ({ page, request }) => {
  await open(page, request);
  const email = main(page).getByLabel(t('credentials.new_email'));
  await email.fill('not.yet@example.org');
  await secondsLeft(page, null);
  const answered = page.waitForResponse('**/_fn/session-over');
  await page.clock.fastForward('28:05');
  expect(await (await answered).json()).toBe(false);
  await page.unroute('**/_fn/session-left');
  await expect(question(page)).toBeHidden();
  await expect(email).toHaveValue('not.yet@example.org');
  await expect(page).toHaveURL(SECURITY);
});

test('whoever signs out in one tab is signed out in all', async ({ page, request, gate }) => {
  // The tab may try to hear once more before it knows.
  gate.allowText("/ws' failed: HTTP Authentication failed");
  const person = await newPatient(request);
  await signIn(page, person.email, { password: person.password, next: SECURITY });
  await alive(page);
  const other = await page.context().newPage();
  await other.goto('/');
  await alive(other);
  await page.locator('form[action="/sign-out"] button').first().evaluate((button) => button.form.submit());
  await expect(other).toHaveURL(/\/sign-in\?ended=1/);
});

test('a page waits for the answer to what it has sent, although it ended the session that it stood for', async ({ page, request, gate }) => {
  // The page may try to hear once more before its place is taken.
  gate.allowText("/ws' failed: HTTP Authentication failed");
  const person = await newPatient(request);
  await signInToHear(page, person.email, { password: person.password, next: SECURITY });
  await page.route('**/_fn/change-password', async (route) => {
    // The new session is kept by the answer, which is on a slow line. Asked by another, lest the browser's own jar hears of it before.
    const [headers, data] = [await route.request().allHeaders(), route.request().postData()];
    const answer = await request.fetch(route.request().url(), { method: 'POST', headers, data, maxRedirects: 0 });
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    await route.fulfill({ status: answer.status(), headers: answer.headers() });
  });
  await main(page).getByLabel(t('credentials.current_password')).fill(person.password);
  await main(page).getByLabel(t('credentials.new_password')).fill('four green kingfishers at dawn');
  await main(page).getByRole('button', { name: t('credentials.password_action') }).click();
  await expect(main(page)).toContainText(t('credentials.password_saved'));
});

withAndWithoutScripts((scripts) => {
  test('without scripts a page says how long one stays signed in', async ({ page, request }) => {
    const person = await newPatient(request);
    await signIn(page, person.email, { password: person.password, next: SECURITY });
    const note = page.getByText(t('stay.note', { count: '30' }));
    if (scripts) await expect(note).toBeHidden();
    else await expect(note).toBeVisible();
  });
});
