package io.anycastle.proxy.reply;

import java.time.temporal.ChronoUnit;

/** Writes an error in one of its forms. Pure; everything that comes from outside is escaped. */
public final class ErrorPage {
    private ErrorPage() {}

    public static String write(ErrorFacts facts, Format format) {
        return switch (format) {
            case HTML -> html(facts);
            case PROBLEM, JSON -> json(facts);
            case MARKDOWN -> markdown(facts);
        };
    }

    private static String html(ErrorFacts facts) {
        EdgeError error = facts.error();
        String host = facts.host().isEmpty() ? "" : "<dt>Host</dt><dd>" + Escape.html(facts.host()) + "</dd>";
        String detail = facts.detail().isEmpty() ? "" : " " + Escape.html(facts.detail());
        return HTML.replace("{code}", Integer.toString(error.code()))
                .replace("{title}", Escape.html(error.title()))
                .replace("{chain}", chain(error.fault()))
                .replace("{place}", error.fault().place())
                .replace("{visitor}", Escape.html(visitorAdvice(error)))
                .replace("{owner}", Escape.html(ownerAdvice(error)))
                .replace("{ray}", Escape.html(facts.ray()))
                .replace("{time}", facts.time().truncatedTo(ChronoUnit.SECONDS).toString())
                .replace("{explanation}", Escape.html(error.explanation()) + detail)
                .replace("{host}", host);
    }

    private static String chain(Fault fault) {
        return link("You", fault == Fault.CLIENT)
                + link("Edge", fault == Fault.EDGE || fault == Fault.OWNER)
                + link("Web server", fault == Fault.ORIGIN);
    }

    private static String link(String name, boolean isBroken) {
        return isBroken
                ? "<li class=\"bad\"><b>&#10005;</b>" + name + "<span>problem here</span></li>"
                : "<li><b>&#10003;</b>" + name + "<span>&nbsp;</span></li>";
    }

    private static String json(ErrorFacts facts) {
        EdgeError error = facts.error();
        StringBuilder json = new StringBuilder(512).append('{');
        member(json, "type", "about:blank").append(',');
        member(json, "title", error.title()).append(',');
        json.append("\"status\":").append(error.status()).append(',');
        member(json, "detail", (error.explanation() + " " + facts.detail()).strip())
                .append(',');
        member(json, "instance", facts.ray()).append(',');
        json.append("\"error_code\":").append(error.code()).append(',');
        member(json, "error_name", error.word()).append(',');
        member(json, "error_category", error.fault().word()).append(',');
        member(json, "ray_id", facts.ray()).append(',');
        member(json, "zone", facts.zone()).append(',');
        member(json, "timestamp", facts.time().truncatedTo(ChronoUnit.SECONDS).toString())
                .append(',');
        json.append("\"retryable\":").append(error.isRetryable()).append(',');
        if (error.isRetryable()) {
            json.append("\"retry_after\":").append(facts.retryAfterSeconds()).append(',');
        }
        member(json, "what_you_should_do", visitorAdvice(error)).append(',');
        return json.append("\"owner_action_required\":")
                .append(error.needsOwner())
                .append("}\n")
                .toString();
    }

    private static StringBuilder member(StringBuilder json, String name, String value) {
        return json.append('"')
                .append(name)
                .append("\":\"")
                .append(Escape.json(value))
                .append('"');
    }

    private static String markdown(ErrorFacts facts) {
        EdgeError error = facts.error();
        StringBuilder text = new StringBuilder(512)
                .append("# Error %d: %s\n\n".formatted(error.code(), error.title()))
                .append(error.explanation())
                .append(facts.detail().isEmpty() ? "" : " " + Escape.markdown(facts.detail()))
                .append("\n\n- Status: ")
                .append(error.status())
                .append("\n- Where: ")
                .append(error.fault().place());
        if (error.isRetryable()) {
            text.append("\n- Retry after: ").append(facts.retryAfterSeconds()).append(" s");
        }
        return text.append("\n- Ray ID: ")
                .append(Escape.markdown(facts.ray()))
                .append("\n- Time: ")
                .append(facts.time().truncatedTo(ChronoUnit.SECONDS))
                .append("\n\n## What to do\n\n")
                .append(visitorAdvice(error))
                .append("\n\nOwner of the site: ")
                .append(ownerAdvice(error))
                .append('\n')
                .toString();
    }

    private static String visitorAdvice(EdgeError error) {
        return switch (error.fault()) {
            case CLIENT ->
                error.isRetryable()
                        ? "Wait a while, then try again, and less often."
                        : "Check the address and the program that sent the request.";
            case ORIGIN, EDGE ->
                error.isRetryable()
                        ? "Try again in a few minutes."
                        : "Tell the owner of the site; trying again will not help by itself.";
            case OWNER ->
                error == EdgeError.MAINTENANCE
                        ? "Come back later."
                        : "Tell the owner of the site, with the Ray ID below.";
        };
    }

    private static String ownerAdvice(EdgeError error) {
        return switch (error) {
            case ORIGIN_UNEXPECTED ->
                "Read the origin's own log at this time: it crashed, was restarted or sent something that is not HTTP.";
            case ORIGIN_REFUSED -> "Start the web server, and let its firewall accept the edge's addresses.";
            case ORIGIN_CONNECT_TIMEOUT ->
                "See whether the origin is overloaded, or a firewall drops the edge's connections.";
            case ORIGIN_UNREACHABLE -> "See whether the record's address is still the origin's, and the routes to it.";
            case ORIGIN_READ_TIMEOUT -> "Find what takes the origin so long, or raise the read timeout.";
            case ORIGIN_TLS_FAILED ->
                "Give the origin a TLS listener on the port asked for, or choose another TLS mode.";
            case ORIGIN_CERTIFICATE ->
                "Renew the origin's certificate for this host, or choose the mode that does not check it.";
            case POINTS_TO_EDGE -> "Point the record to the web server instead of the edge.";
            case UNKNOWN_HOST -> "Add a proxied record for this host to an active zone.";
            case NOT_PROXIED -> "Switch the record to proxied, and see that its zone is active and not paused.";
            case PROHIBITED_ADDRESS ->
                "Point the record to the web server's real address, or list this network in the edge's allowed origins.";
            case UNRESOLVED -> "Correct the record's target, or add the missing address record.";
            case MAINTENANCE -> "End the maintenance of this site's zone when you are done.";
            case PORT_NOT_SERVED ->
                "Leave the port out of the address, or add it to the ports that the site's zone is served on.";
            case RATE_LIMITED ->
                "Raise the limits of client networks, or exempt this one, if these requests are welcome.";
            case TOO_BUSY -> "Make the origin answer faster, or allow more connections to it.";
            default -> "Search the edge's log for the Ray ID.";
        };
    }

    private static final String HTML = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{code}: {title}</title>
            <style>
            :root{color-scheme:light dark;--ink:#1c2430;--dim:#5d6878;--line:#dfe4ea;--ground:#f7f8fa;--card:#fff;--bad:#c0392b;--good:#2e8b57}
            @media(prefers-color-scheme:dark){:root{--ink:#e8ecf1;--dim:#9aa6b5;--line:#2d3644;--ground:#12161d;--card:#1a202a;--bad:#ff7b6b;--good:#6fcf97}}
            *{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
            main{max-width:44rem;margin:8vh auto;padding:0 1.25rem}h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
            .code{color:var(--dim);font-weight:600;letter-spacing:.04em}section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.25rem 1.5rem;margin:1.25rem 0}
            ol{display:flex;list-style:none;margin:1.5rem 0 0;padding:0;text-align:center}ol li{flex:1;font-weight:600}
            ol b{display:block;width:2.5rem;height:2.5rem;line-height:2.5rem;margin:0 auto .4rem;border-radius:50%;color:var(--card);background:var(--good)}
            ol span{display:block;font-size:.8rem;font-weight:400;color:var(--dim)}.bad b{background:var(--bad)}.bad span{color:var(--bad)}
            h2{font-size:1rem;margin:0 0 .25rem}h2+p{margin:0 0 1rem}section p:last-child{margin-bottom:0}
            dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:0;font-size:.875rem;color:var(--dim)}dd{margin:0;font-family:ui-monospace,monospace;overflow-wrap:anywhere}
            </style>
            </head>
            <body><main>
            <p class="code">Error {code}</p>
            <h1>{title}</h1>
            <ol>{chain}</ol>
            <section>
            <h2>What happened</h2><p>{explanation} The cause lies with {place}.</p>
            <h2>If you are visiting</h2><p>{visitor}</p>
            <h2>If this is your site</h2><p>{owner}</p>
            </section>
            <dl><dt>Ray ID</dt><dd>{ray}</dd><dt>Time</dt><dd>{time}</dd>{host}</dl>
            </main></body>
            </html>
            """;
}
