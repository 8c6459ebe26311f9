package io.anycastle.proxy.reply;

import io.anycastle.core.geo.AddressFacts;
import io.anycastle.core.model.PageTemplate;

/** Fills in a page that a site has of its own. Pure; everything that comes from outside is escaped. */
public final class SitePage {
    private SitePage() {}

    /**
     * What such a page tells.
     *
     * @param code the error's number
     * @param explanation what has happened, in a sentence or more
     * @param ray names the request in the logs
     * @param client the visitor's address
     * @param country the visitor's, empty where no file says it
     */
    public record Facts(int code, String title, String explanation, String ray, String client, String country) {}

    public static String write(PageTemplate page, Facts facts) {
        return page.filled(place -> switch (place) {
            case ERROR_BOX -> box(facts);
            case RAY -> Escape.html(facts.ray());
            case CLIENT -> Escape.html(facts.client());
            case COUNTRY -> facts.country().isEmpty() ? AddressFacts.NO_COUNTRY : Escape.html(facts.country());
        });
    }

    private static String box(Facts facts) {
        return "<div class=\"error-box\"><h1>Error " + facts.code() + "</h1><h2>" + Escape.html(facts.title())
                + "</h2><p>" + Escape.html(facts.explanation()) + "</p><p>Ray ID: " + Escape.html(facts.ray())
                + "</p></div>";
    }
}
