# Everything a person reads in Hallpass, in English.
#
# Short sentences. “Application”, “key”, “end access”; never client, token, revoke. The same thing is always said the same way.
# $application is the application's name in quotation marks, $Application the same at the start of a sentence,
# $bare without them, $brief without them and cut short for a button.

## Everywhere

application-nameless = the application
application-nameless-start = An application without a name
quoted = “{ $text }”
number = { $number }
list-comma = {", "}
list-or = { $first } or { $last }
page-title = { $page } · { $site }
signed-in-as = Signed in as
notifications-link = Notifications
applications-link = Applications
sign-out = Sign out
back-to-site = Back to { $site }
working = One moment…

## Days and times

date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
date-exact = { $date }, { $time } UTC
ago-now = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
ago-date = on { $date }
span-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}

## Groups

group-admins = administrators
group-moderators = moderators
group-staff = staff
group-trust-level = trust level { $level }

## What an application may do. The sentence starts “It will be able to …”; .short stands in a list.

scope-read = read everything you can read
    .short = read
scope-write = post, edit and delete in your name, and let other applications in
    .short = post and edit
scope-message_bus = hear at once when something new happens
    .short = hear of new things at once
scope-push = be told of your notifications at once
    .short = be told of notifications at once
scope-one_time_password = sign in as you, without your password
    .short = sign in as you
scope-notifications = see and clear your notifications
    .short = see notifications
scope-session_info = see who you are: your name and account details
    .short = see who you are
scope-bookmarks_calendar = read your bookmarks as a calendar
    .short = read bookmarks
scope-user_status = see, set and clear your status
    .short = set your status
scope-other = use “{ $scope }”, something this site added itself
    .short = use “{ $scope }”
scope-new = new

## Home

home-lead = Applications can use your account here, if you say so. You see what each one may do, and you can end its access at any time.
home-sign-in = Sign in
home-applications = Your applications
home-needs-setup = { $site } is not set up yet.
home-needs-setup-advice = Are you setting it up? Open the set-up link that was printed when the program started.

## Sign-in

login-heading = Sign in
login-waiting = Sign in to answer { $application }
login-waiting-lead = It wants to use your account on { $site }. After you sign in, you decide. Nothing is shared until then.
login-name = Username or e-mail address
login-password = Password
login-submit = Sign in
login-wrong = This name and password do not belong together. Check both and try again.
login-too-many = Too many tries. Wait { $span }, then try again.
login-suspended = This account is suspended. Ask the people who run { $site }.
login-form-too-old = This page was open for too long. Please sign in again.

## Set-up

setup-heading = Set up { $site }
setup-lead = You are the first one here. This account will run { $site }.
setup-username = Username
setup-username-hint = Letters, digits, dots, dashes and underscores. Everybody sees it.
setup-email = E-mail address (optional)
setup-password = Password
setup-password-hint = At least { $least } characters. A few words in a row are easy to remember.
setup-password-again = The same password again
setup-submit = Create the account
field-missing = Please fill this in.
field-username-shape = Use 1 to 60 letters, digits, dots, dashes or underscores.
field-username-taken = Somebody has this username already.
field-email-shape = This does not look like an e-mail address.
field-email-taken = Somebody uses this e-mail address already.
field-password-short = Use at least { $least } characters.
field-password-long = Use at most { $most } characters.
field-passwords-differ = The two passwords are not the same.
form-problems = Please look at the marked fields.

welcome-heading = { $site } is ready
welcome-lead = Your account is made and you are signed in. Three steps are left:
welcome-try = Try it
welcome-try-text = Run this on your own computer. It asks for a key as an application would.
welcome-settings = Make it yours
welcome-settings-text = Its name and colours, the address that browsers use, who may let applications in. Write into hallpass.toml what you want otherwise than in this list:
welcome-people = Add people
welcome-people-text = Everybody who may sign in needs an account:
welcome-done = See your applications

## The question

consent-title = { $bare } asks for access
consent-heading = { $Application } wants to use your account
consent-lead = If you allow it, it gets a key of its own to your account on { $site }. It does not get your password.
consent-self-named = The application told us its name itself. { $site } has not checked who made it.
consent-registered = Listed by { $site } since { $date }.
consent-may = It will be able to
consent-may-change = And, which can change things
consent-may-only-change = It will be able to change things
consent-where = Where the key goes
consent-push = Notifications go to
consent-until = How long
consent-limits = How much
consent-limits-text = At most { $minute } requests a minute and { $day } a day
consent-before = Allowed before
consent-before-no = No, this is the first time
consent-before-yes = Yes, on { $date }
consent-fingerprint = Its fingerprint
consent-fingerprint-first = first time you see it
consent-fingerprint-same = same as on { $date }
consent-fingerprint-changed = changed since { $date }
consent-changed = This may not be the { $application } you allowed on { $date }: its fingerprint is another one. Did you just set it up anew? If not, don’t allow it.
consent-password-lead = Or, to allow it, enter your password once more: you signed in some time ago, and this application can change things.
consent-password = Your password
consent-password-missing = Enter your password to allow this.
consent-password-wrong = This is not your password. Try again.
consent-password-too-many = Too many tries. Wait { $span }, then try again.
consent-deny = Don’t allow
consent-allow = Allow { $brief }
consent-allowing = Allowing…
consent-later = You can end this at any time under Applications.
consent-handover-hint = You allowed { $application }. It should open now. If it does not, open it yourself. If it still waits, start again from there.
consent-not-you = Not { $username }?
consent-switch = Use another account

expiry-on = Until { $date }, or until you end it
expiry-unused = Until you end it, or { $days ->
    [one] { $days } day
   *[other] { $days } days
} unused
expiry-ended = Until you end it
destination-computer = To an application on this computer
destination-web = To this website
destination-scheme = To an application on this device
destination-scheme-detail = the one that opens { $scheme }: links
destination-device = To the application that shows this code
destination-here = To nobody yet. It is shown on the next page, locked so that only the application can read it, and you copy it over.
destination-computer-short = To an application on the same computer
destination-web-short = To a website
destination-scheme-short = To an application on the same device
destination-here-short = Shown on the page, to be copied
destination-port = port { $port }
destination-unencrypted = over { $scheme }, which is not encrypted
destination-readable = written { $host }

## Signing in with an application

otp-title = { $bare } asks to sign you in
otp-heading = { $Application } wants to sign in as you
otp-may = If you allow it, it will be able to
otp-lead = Whoever is signed in as you can do everything on { $site } that you can do. Allow this only if you started it in the application just now.
otp-where = Where this goes
otp-until = It can sign in once, within ten minutes, and then stays signed in
otp-password-lead = Or, to allow it, enter your password once more: you signed in some time ago.
otp-sign-in-heading = Sign in as { $username }?
otp-sign-in-lead = An application brought you here, to sign in to { $site } without a password.
otp-sign-in-instead = You are signed in as { $username } now. That would end in this browser.
otp-sign-in-submit = Sign in as { $username }
otp-sign-in-else = Did somebody send you this link? Then close this page.
otp-gone-heading = This link does not work any more
otp-gone-lead = A link that signs you in works once, and for ten minutes.
otp-gone-next = Start again from the application, or sign in with your password.

## A code from another device

activate-heading = Enter the code
activate-lead = An application on another device shows you a code. Type it here to see what it asks for.
activate-code = Code
activate-code-hint = Eight letters and digits, such as K7WM-3PXA.
activate-submit = Continue
activate-unknown = There is no such code. Look at it once more, and type it again.
activate-expired = This code is over. Start again from the application: it will show you a new one.
device-stop = Did someone send you this code? Then stop here. Only type a code that you see on a device of your own, because you just asked for it there.
device-asked = Asked for
device-asked-text = { $span } ago from { $address }
device-program-on = with { $program } on { $system }
device-program = with { $program }
device-program-some = on { $system }
device-program-silent = with a program that does not say what it is
device-no-end = This has no end date: an application in use keeps its access until you end it.
device-code-lead = Or, to allow it, type the code that the application shows.
device-wrong-code = This is not the code of this request. Look at the application once more.
device-done-title = Done
device-done-heading = Done. Go back to { $bare }
device-done-lead = You allowed { $application }. It gets its key within a few seconds.

## A request that cannot be answered

refused-title = This request does not work
refused-heading = { $Application } cannot be connected
refused-heading-unnamed = This application cannot be connected
refused-nothing = Nothing was shared, and your account is as it was.
refused-author = For the author of the application
refused-author-lead = Hallpass refused the request. The reason is a fixed word that you can look up and test for.
refused-reason = Reason
refused-message = Message
refusal-disabled = { $site } does not let new applications in at the moment.
    .advice = Applications that you allowed before go on working. Ask the people who run { $site } when this will be possible again.
refusal-missing_parameter = The application left something out of its request.
    .advice = You cannot change that. Tell the people who made the application.
refusal-repeated_parameter = The application said the same thing twice, and we cannot tell which one it means.
    .advice = You cannot change that. Tell the people who made the application.
refusal-parameter_too_long = A part of the application’s request is too long.
    .advice = You cannot change that. Tell the people who made the application.
refusal-unknown_scope = The application asks for something that { $site } does not offer.
    .advice = Tell the people who made the application, or ask the people who run { $site } to offer it.
refusal-bad_public_key = The application sent a lock that we cannot use, so its key could not be sent safely.
    .advice = You cannot change that. Tell the people who made the application.
refusal-key_too_small = The application’s lock is too weak to send a key safely.
    .advice = An update of the application may help. If not, tell the people who made it.
refusal-bad_padding = The application asks for a kind of lock that we do not know.
    .advice = You cannot change that. Tell the people who made the application.
refusal-redirect_not_allowed = The application wants its key sent to an address that { $site } does not trust.
    .advice = If you trust the application, ask the people who run { $site } to add its address.
refusal-bad_redirect = The application wants its key sent to an address that cannot be right.
    .advice = Did you follow a link to get here? Then be careful with it. Otherwise tell the people who made the application.
refusal-bad_expiry = The application wants its key for a time that { $site } does not allow.
    .advice = Tell the people who made the application, or ask the people who run { $site }.
refusal-payload_too_large = The application’s lock is too small for what it asked us to send.
    .advice = You cannot change that. Tell the people who made the application.
refusal-reserved_name = The application uses a name that belongs to { $site }.
    .advice = It may be pretending to be something else. Do not use it unless the people who run { $site } tell you so.
refusal-too_many_keys = Your account has as many applications as it can have.
    .advice = End the access of applications that you no longer use. Then start again from the application.
refusal-dangerous_scope_refused = The application wants to change things in your name, and { $site } allows that only to applications it knows.
    .advice = Ask the people who run { $site } to list the application.
refusal-not_allowed = Your account may not let applications in.
    .advice = Ask the people who run { $site }.
refusal-bad_encoding = The application’s request holds characters that cannot be read.
    .advice = You cannot change that. Tell the people who made the application.
refusal-request_changed = The answer is not to the question that you were asked.
    .advice = Go back to the application and start again from there.
refusal-scope_not_registered = The application asks for more than { $site } has listed it for.
    .advice = Tell the people who made the application, or ask the people who run { $site }.
refusal-client_blocked = { $site } has blocked this application.
    .advice = You cannot change that. Ask the people who run { $site }.
refusal-scope_reserved = The application asks for more than your account may give it.
    .advice = Ask the people who run { $site }. What is kept for whom is written below.
refusal-other = The application’s request cannot be answered.
    .advice = Tell the people who made the application what is written below.

## Not allowed to let applications in

not-allowed-title = Your account may not do this
not-allowed-heading = Your account may not let { $application } in
not-allowed-lead = You are signed in as { $username }. On { $site }, only some people may let applications use their account.
not-allowed-groups = { $count ->
    [one] For that you need to be in this group: { $groups }.
   *[other] For that you need to be in one of these groups: { $groups }.
}
not-allowed-ask = Ask the people who run { $site }.
not-allowed-nothing = Nothing was shared, and your account is as it was.

## Done

result-title = Copy the key
result-heading = Copy this into { $bare }
result-lead = You allowed { $application }. It now needs the text below to finish.
result-instructions = Copy this text into { $application }. Only the application can read it.
result-copy = Copy
result-copied = Copied, without spaces
result-copy-failed = Please select and copy it yourself
result-note = Only the application can read this text. Paste it there and nowhere else, and send it to nobody, even if you are asked to.
result-next = Afterwards you can close this page. You can end this at any time under Applications.

declined-title = Nothing was shared
declined-heading = You said no
declined-lead = Nothing was shared. { $Application } got no new key to your account.
declined-lead-unnamed = Nothing was shared. The application got no new key to your account.
declined-next = You can close this page. If you allowed the application before, it still has that key: you can end its access under Applications.

handed-over-title = Back to the application
handed-over-heading = You allowed { $application }
handed-over-lead-scheme = It should open by itself. If it does not, use this button:
handed-over-lead-web = You should be there by now. If not, use this button:
handed-over-open = Open { $bare }
handed-over-else = Nothing opens? Then the application is not installed here, or does not listen. Start it and ask again from there. What was sent this time stays locked: nobody else can read it.

## Applications

apps-title = Applications
apps-lead = These applications can use your account on { $site }, because you allowed it.
apps-lead-other = These applications can use the account of { $owner }. You see them because you run { $site }.
apps-empty-heading = No applications yet
apps-empty = An application is a program or a website of somebody else’s that uses your account: one that shows your notifications on the desktop, for example. It asks you first. Those you allow are listed here, and here you can end their access.
apps-empty-other = { $owner } has not allowed any application.
apps-may = May:
apps-may-nothing = nothing
apps-approved = Allowed
apps-last-used = Last used
apps-never-used = not used yet
apps-until = Ends
apps-until-on = on { $date }
apps-until-unused = when you end it, or after { $days ->
    [one] { $days } day
   *[other] { $days } days
} unused
apps-until-ended = when you end it
apps-soon = { $count ->
    [one] One application will lose its access within 14 days.
   *[other] { $count } applications will lose their access within 14 days.
}
apps-soon-on = Its access ends on { $date }. If it is to go on, let it ask you again.
apps-soon-unused = Its access ends on { $date }, unless it is used before.
apps-before = Allowed again. The key it had before works until it uses the new one, at the latest until { $date }.
apps-push-off = It gets no notifications: the service it named for them has not taken any for a day or longer. If you miss them, tell whoever runs this site.
apps-received = Key went
apps-today = Today
apps-today-text = { $used ->
    [one] { $used } request of { $most }
   *[other] { $used } requests of { $most }
}
apps-end = End access
apps-end-of = of { $application }
apps-ending = Ending…
apps-ended = Access ended. It cannot use your account any more.
apps-ended-other = Access ended. It cannot use the account of { $owner } any more.
apps-undo = Undo
apps-end-unused-text = { $count ->
    [one] One application was not used for { $days } days.
   *[other] { $count } applications were not used for { $days } days.
}
apps-end-unused = End all unused for { $days } days
apps-notice-ended = Access of { $application } ended.
apps-notice-undone = { $Application } can use the account again.
apps-notice-unused = { $count ->
    [0] There was nothing to end.
    [one] Access of one application ended.
   *[other] Access of { $count } applications ended.
}

## Notifications

notifications-title = Notifications
notifications-urgent = Important
notifications-unread = Unread
notifications-read = Read
notifications-mark = Mark as read
notifications-mark-all = Mark all as read
notifications-leads-to = Leads to { $host }
notifications-empty-heading = No notifications
notifications-empty = What { $site } has to tell you is listed here, and in the applications that you let see it.
notifications-newer = Newer
notifications-older = Older
notification-mention = Mention
notification-reply = Reply
notification-quote = Quote
notification-edit = Edit
notification-like = Like
notification-message = Message
notification-invitation = Invitation
notification-badge = Badge
notification-reminder = Reminder
notification-other = Notification

## Errors

error-request = If you ask for help, give this number:
error-bad-request = This does not work as it was asked
    .advice = Go back and try again. If you followed a link, it may be damaged.
error-sign-in = Sign in first
    .advice = This page is for people who are signed in.
error-forbidden = This is not yours to see
    .advice = You are signed in, but your account may not open this page.
error-form-too-old = This page was open for too long
    .advice = Nothing was changed. Go back, load the page again and try once more.
error-not-found = There is nothing here
    .advice = The address may be mistyped, or the page is gone.
error-setup-over = Set-up is done already
    .advice = This link worked once, for the first administrator. Sign in with it.
error-too-large = That was too much at once
    .advice = What you sent is larger than this page takes.
error-too-many = Too many tries
    .advice = Wait { $span }, then try again.
error-internal = Something went wrong on our side
    .advice = It is not your fault. Try again in a moment.
error-unavailable = We cannot answer at the moment
    .advice = Try again in a minute. What you allowed stays allowed.
