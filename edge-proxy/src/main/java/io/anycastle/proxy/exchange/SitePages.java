package io.anycastle.proxy.exchange;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.PageTemplate;
import io.anycastle.core.model.ZonePages;
import io.anycastle.core.view.HostRoute;
import io.anycastle.core.view.HostTable.Lookup;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.Format;
import io.anycastle.proxy.reply.Negotiation;
import io.anycastle.proxy.reply.Reply;
import io.anycastle.proxy.reply.SitePage;
import java.util.Optional;

/** What the site that a request is for shows in the place of the edge's own pages, and of its origin's where it wants that. */
final class SitePages {
    private static final String HTML = "text/html";

    private SitePages() {}

    /** The route of a request's host, also of one that was refused before its host was looked up. */
    static Optional<HostRoute> route(Exchange exchange) {
        return exchange.route().or(() -> exchange.hostName().flatMap(name -> route(exchange, name)));
    }

    private static Optional<HostRoute> route(Exchange exchange, DomainName host) {
        ExchangeContext surroundings = exchange.surroundings();
        Lookup lookup =
                surroundings.hosts().find(surroundings.view().get(), host).lookup();
        return lookup instanceof Lookup.Routed routed ? Optional.of(routed.route()) : Optional.empty();
    }

    /** A page of HTML for the error; empty where the edge's own is good enough. */
    static Optional<String> page(Exchange exchange, ZonePages pages, EdgeError error, String detail) {
        Optional<PageTemplate> page = pages.errors().page(error.code());
        if (error == EdgeError.MAINTENANCE) {
            page = pages.maintenance().page().or(() -> pages.errors().page(error.code()));
        }
        String explanation = (error.explanation() + " " + detail).strip();
        return page.map(template -> filled(exchange, template, error.code(), error.title(), explanation));
    }

    private static String filled(Exchange exchange, PageTemplate template, int code, String title, String explanation) {
        exchange.counters().count(Event.SITE_PAGES);
        return SitePage.write(
                template,
                new SitePage.Facts(
                        code,
                        title,
                        explanation,
                        exchange.ray().toString(),
                        exchange.clientText(),
                        exchange.clientFacts().country()));
    }

    /**
     * What is answered in the place of an origin's error; empty where that passes: nearly always. A program is not given a page for an
     * error that it was meant to read.
     */
    static Optional<Reply> inPlaceOf(Exchange exchange, ResponseHead answer) {
        ZonePages pages = exchange.route().map(HostRoute::pages).orElse(ZonePages.NONE);
        if (!pages.replacesOrigins()
                || !isPage(answer.fields().value(FieldName.CONTENT_TYPE))
                || Negotiation.choose(exchange.fields().value(FieldName.ACCEPT)) != Format.HTML) {
            return Optional.empty();
        }
        int status = answer.status();
        return pages.errors()
                .page(status)
                .map(template -> new Reply(
                        status,
                        Format.HTML.contentType(),
                        filled(
                                exchange,
                                template,
                                status,
                                "The web server failed",
                                "The site's web server answered with this error.")));
    }

    private static boolean isPage(String contentType) {
        return contentType.isEmpty() || contentType.regionMatches(true, 0, HTML, 0, HTML.length());
    }
}
