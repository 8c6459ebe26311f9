package io.anycastle.proxy.reply;

import io.anycastle.core.model.PageTemplate;

/** Fills in a page that a site has of its own. Pure; everything that comes from outside is escaped. */
public final class SitePage {
    /** What is answered where the visitor's country is not known. */
    private static final String NOWHERE = "XX";

    private SitePage() {}

    /**
     * What such a page tells.
     *
     * @param code the error's number
     * @param explanation what has happened, in a sentence or more
     * @param ray names the request in the logs
     * @param client the visitor's address
     */
    public record Facts(int code, String title, String explanation, String ray, String client) {}

    public static String write(PageTemplate page, Facts facts) {
        return page.filled(place -> switch (place) {
            case ERROR_BOX -> box(facts);
            case RAY -> Escape.html(facts.ray());
            case CLIENT -> Escape.html(facts.client());
            case COUNTRY -> NOWHERE;
        });
    }

    private static String box(Facts facts) {
        return "<div class=\"error-box\"><h1>Error " + facts.code() + "</h1><h2>" + Escape.html(facts.title())
                + "</h2><p>" + Escape.html(facts.explanation()) + "</p><p>Ray ID: " + Escape.html(facts.ray())
                + "</p></div>";
    }
}
