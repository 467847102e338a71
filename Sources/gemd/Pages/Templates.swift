import Mustache

/// The public pages' templates, part of the program so that the binary stands alone.
///
/// Mustache escapes every `{{value}}`; nothing here is ever inserted raw.
enum Templates {
    static let library: MustacheLibrary = {
        do {
            return MustacheLibrary(templates: [
                "certificate": try MustacheTemplate(string: certificate), "piece": try MustacheTemplate(string: piece),
                "message": try MustacheTemplate(string: message),
            ])
        } catch { preconditionFailure("a template is broken: \(error)") }
    }()

    static let style = """
        :root{color-scheme:light dark;--line:#8885;--good:#0a6b3b;--bad:#a3201d}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:42rem;padding:1rem;font:1rem/1.5 system-ui,"Noto Nastaliq Urdu",sans-serif}
        h1{font-size:1.4rem;line-height:1.3;margin:.5rem 0}
        .verdict{border:2px solid var(--line);border-inline-start-width:.6rem;border-radius:.4rem;padding:.6rem 1rem;margin:1rem 0}
        .verdict.genuine{border-color:var(--good)}
        .verdict.cancelled,.verdict.notGenuine{border-color:var(--bad)}
        img{max-width:100%;height:auto;border-radius:.4rem;display:block}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem;margin:1rem 0}
        dt{opacity:.75}dd{margin:0;overflow-wrap:anywhere}
        a{display:inline-block;min-height:44px;padding:.6rem 0}
        @media (prefers-color-scheme:dark){:root{--good:#4fc588;--bad:#ff8b86}}
        """

    private static let head = """
        <!doctype html><html lang="{{lang}}" dir="{{dir}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">\
        <title>{{title}}</title><link rel="stylesheet" href="/style.css">
        """

    private static let certificate =
        head + """
            </head><body><main>
            <p>{{issuer}}</p>
            <h1>{{number}}</h1>
            <div class="verdict {{verdict}}" role="status"><strong>{{headline}}</strong>{{#note}}<p>{{note}}</p>{{/note}}</div>
            {{#image}}<figure><img src="{{image}}" width="{{width}}" height="{{height}}" alt="{{photographOf}}">\
            <figcaption>{{compare}}</figcaption></figure>{{/image}}
            <dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
            <h2>{{whatWasChecked}}</h2>
            <dl>{{#steps}}<dt>{{name}}</dt><dd>{{result}}</dd>{{/steps}}</dl>
            <h2>{{disclosureHeading}}</h2>
            {{#disclosure}}<p>{{disclosure}}</p><h3>{{signedHeading}}</h3>{{/disclosure}}
            <p lang="en" dir="ltr">{{signedDisclosure}}</p>
            <h2>{{limitsHeading}}</h2><p lang="en" dir="ltr">{{limits}}</p>
            <h2>{{checkYourself}}</h2>
            <div lang="en" dir="ltr"><p>Get the issuer's root certificate from the issuer, not from here. Then, with nothing but OpenSSL:</p>
            <pre>openssl cms -verify -binary -cades -inform DER -in {{number}}.json.p7s \\
              -content {{number}}.json -CAfile root.pem -out /dev/null</pre></div>
            <p><a href="/c/{{number}}.json">The certificate (JSON)</a><br><a href="/c/{{number}}.p7s">Its signature</a><br>\
            <a href="/c/{{number}}.tlog-proof">Proof that it is in the public log</a></p>
            </main></body></html>
            """

    private static let piece =
        head + """
            </head><body><main>
            <p>{{dealer}}</p>
            <h1>{{title}}</h1>
            {{#images}}<img src="{{src}}" width="{{width}}" height="{{height}}" alt="{{alt}}">{{/images}}
            {{#price}}<p><strong>{{price}}</strong></p>{{/price}}
            {{#description}}<p>{{description}}</p>{{/description}}
            <dl>{{#facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/facts}}</dl>
            {{#disclosure}}<h2>{{disclosureHeading}}</h2><p>{{disclosure}}</p>{{/disclosure}}
            {{#certificates}}<p><a href="/c/{{number}}">{{certificateWord}} {{number}} ({{class}})</a></p>{{/certificates}}
            </main></body></html>
            """

    private static let message =
        head + """
            </head><body><main><h1>{{title}}</h1><p>{{text}}</p></main></body></html>
            """
}
