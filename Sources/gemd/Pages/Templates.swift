import Mustache

/// The public pages' templates, part of the program so that the binary stands alone.
///
/// Mustache escapes every `{{value}}`; nothing here is ever inserted raw. Words come from ``PageWords``.
enum Templates {
    static let library: MustacheLibrary = {
        do {
            return MustacheLibrary(templates: [
                "certificate": try MustacheTemplate(string: certificate), "piece": try MustacheTemplate(string: piece),
                "message": try MustacheTemplate(string: message),
            ])
        } catch { preconditionFailure("a template is broken: \(error)") }
    }()

    private static let head = """
        <!doctype html><html lang="{{lang}}" dir="{{dir}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">\
        <title>{{title}}</title><link rel="stylesheet" href="/style.css"><link rel="icon" href="/icon.svg" type="image/svg+xml">\
        {{#canonical}}<link rel="canonical" href="{{canonical}}"><meta property="og:url" content="{{canonical}}">{{/canonical}}\
        {{#preview}}<meta property="og:type" content="website"><meta property="og:site_name" content="{{issuer}}">\
        <meta property="og:title" content="{{previewTitle}}"><meta property="og:description" content="{{preview}}">\
        <meta name="description" content="{{preview}}">{{#previewImage}}<meta property="og:image" content="{{previewImage}}">\
        <meta property="og:image:type" content="image/jpeg"><meta property="og:image:width" content="{{width}}">\
        <meta property="og:image:height" content="{{height}}"><meta property="og:image:alt" content="{{photographOf}}">\
        <meta name="twitter:card" content="summary_large_image">{{/previewImage}}{{/preview}}
        """

    /// Header, verdict card and the icons of all four verdicts; the style shows the one that holds.
    private static let card =
        head + """
            {{#scripts}}<script type="module" src="/app.js"></script>{{/scripts}}</head><body>
            <a class="skip" href="#verdict">{{skip}}</a>
            <header><a href="/verify{{query}}"><img src="/icon.svg" alt="" width="28" height="28">{{checkTitle}}</a>\
            <a class="lang" lang="{{otherLang}}" hreflang="{{otherLang}}" href="{{otherHref}}">{{otherName}}</a></header>
            <main id="result" data-number="{{number}}" data-issuer="{{issuerCode}}" data-sha256="{{sha256}}" data-class="{{class}}" \
            data-weight="{{weight}}" data-sides="{{sides}}" data-status-list="{{statusList}}" data-status-index="{{statusIndex}}" \
            data-served="{{served}}" data-root="{{root}}" data-keys="{{keys}}" data-revoked="{{revoked}}"{{#outside}} data-outside{{/outside}}>
            <section class="verdict {{verdict}}" id="verdict" role="status" tabindex="-1" aria-label="{{resultWord}}">
            <svg class="i-genuine" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="21"/><path d="M14 25l7 7 14-16"/></svg>\
            <svg class="i-cancelled" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="21"/><path d="M10 38L38 10"/></svg>\
            <svg class="i-notGenuine" viewBox="0 0 48 48" aria-hidden="true"><path d="M16 3h16l13 13v16L32 45H16L3 32V16z"/><path d="M16 16l16 16m0-16L16 32"/></svg>\
            <svg class="i-cannotTell" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="21"/><path d="M18 19a6 6 0 1 1 9 5q-3 2-3 5m0 6v.1"/></svg>
            <h1>{{headline}}</h1>{{#lines}}<p{{#isEnglish}} lang="en" dir="ltr"{{/isEnglish}}>{{text}}</p>{{/lines}}\
            {{#successor}}<p><a href="/c/{{successor}}{{query}}">{{seeSuccessor}} <bdi dir="ltr">{{successor}}</bdi></a></p>{{/successor}}</section>
            <p class="number"><bdi dir="ltr" id="number">{{number}}</bdi></p>
            <p class="note" id="code-first" hidden>{{codeFirst}}</p>
            """

    /// What scripts fill in, and the ways to check another certificate.
    private static let foot = """
        <h2 id="another">{{another}}</h2>
        <form id="number-form" method="get" action="/verify"><label for="n">{{numberLabel}}</label><div class="row">\
        <input id="n" name="number" dir="ltr" autocapitalize="characters" autocomplete="off" spellcheck="false" required maxlength="60" \
        placeholder="{{numberExample}}" aria-describedby="number-answer">{{#isUrdu}}<input type="hidden" name="lang" value="ur">{{/isUrdu}}\
        <button>{{checkButton}}</button></div><p class="answer" id="number-answer" role="status"></p></form>
        <div class="drop" id="drop" hidden><label for="f">{{filesLabel}}<span>{{filesHint}}</span></label>\
        <input id="f" type="file" multiple accept=".pdf,.json,.p7s,.tlog-proof,image/*" aria-describedby="file-answer"><div class="answer" id="file-answer" role="status"></div></div>
        </main><footer>{{noCookies}}</footer></body></html>
        """

    private static let certificate =
        card + """
            <section id="code" hidden><h2>{{codeSays}}</h2><dl></dl></section>
            {{#isKnown}}<div class="cols">{{#image}}<figure><img src="{{image}}" width="{{width}}" height="{{height}}" alt="{{photographOf}}">\
            <figcaption>{{compare}}</figcaption></figure>{{/image}}
            <div><h2>{{factsHeading}}</h2>
            <dl>{{#facts}}<dt>{{name}}</dt><dd><bdi>{{value}}</bdi>{{#basis}} <small>{{basis}}</small>{{/basis}}</dd>{{/facts}}</dl></div></div>
            {{#hasDisclosure}}<h2>{{disclosureHeading}}</h2>
            {{#disclosure}}<p>{{disclosure}}</p><h3>{{signedHeading}}</h3>{{/disclosure}}
            <p lang="en" dir="ltr">{{signedDisclosure}}</p>{{/hasDisclosure}}{{/isKnown}}
            <section id="checked"{{^isKnown}} hidden{{/isKnown}}><h2>{{whatWasChecked}}</h2>
            <ul class="plain checks" id="checks">{{#steps}}<li class="{{result}}" data-step="{{step}}"><b aria-hidden="true">{{mark}}</b><span>{{name}}{{#word}} ({{word}}){{/word}}</span>\
            {{#reason}}<small{{#isEnglish}} lang="en" dir="ltr"{{/isEnglish}}>{{reason}}</small>{{/reason}}</li>{{/steps}}</ul></section>
            {{#isKnown}}{{#canMatch}}<h2 id="match">{{matchHeading}}</h2><p class="hint">{{matchHint}}</p>
            <form id="match-form" method="get" action="/c/{{number}}#match"><div class="fields">{{#matchFields}}<label>{{name}}\
            <input name="{{id}}" value="{{value}}" inputmode="decimal" dir="ltr" autocomplete="off" maxlength="12"></label>{{/matchFields}}</div>\
            {{#isUrdu}}<input type="hidden" name="lang" value="ur">{{/isUrdu}}<button>{{matchButton}}</button></form>
            <div class="answer {{matchClass}}" id="match-answer" role="status">{{#matchAnswer}}<span>{{matchAnswer}}</span>\
            <ul>{{#matchRows}}<li>{{row}}</li>{{/matchRows}}</ul>{{/matchAnswer}}</div>{{/canMatch}}
            <h2>{{limitsHeading}}</h2><p lang="en" dir="ltr">{{limits}}</p>
            <h2>{{filesHeading}}</h2><ul class="plain files">{{#files}}<li><a href="{{href}}" download>{{name}}</a></li>{{/files}}</ul>
            <h2>{{checkYourself}}</h2><p>{{checkYourselfText}}</p><p>{{rootLabel}}<br><code dir="ltr">{{fingerprint}}</code></p>
            <pre dir="ltr">openssl x509 -in root.pem -noout -fingerprint -sha256
            openssl cms -verify -binary -cades -inform DER -in {{number}}.p7s \\
              -content {{number}}.json -CAfile root.pem -out /dev/null</pre>
            <details><summary>{{technical}}</summary><dl>{{#technicalRows}}<dt>{{name}}</dt><dd><bdi dir="ltr">{{value}}</bdi></dd>{{/technicalRows}}</dl></details>{{/isKnown}}
            """ + foot

    private static let piece =
        head + """
            </head><body><main>
            <p>{{dealer}}</p>
            <h1>{{title}}</h1>
            {{#images}}<figure><img src="{{src}}" width="{{width}}" height="{{height}}" alt="{{alt}}"></figure>{{/images}}
            {{#price}}<p><strong>{{price}}</strong></p>{{/price}}
            {{#description}}<p>{{description}}</p>{{/description}}
            <dl>{{#facts}}<dt>{{name}}</dt><dd><bdi>{{value}}</bdi></dd>{{/facts}}</dl>
            {{#disclosure}}<h2>{{disclosureHeading}}</h2><p>{{disclosure}}</p>{{/disclosure}}
            {{#certificates}}<p><a class="button" href="/c/{{number}}">{{certificateWord}} {{number}} ({{class}})</a></p>{{/certificates}}
            </main></body></html>
            """

    private static let message =
        head + """
            </head><body><main><h1>{{title}}</h1><p>{{text}}</p></main></body></html>
            """
}
