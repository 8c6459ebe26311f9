package io.anycastle.app.api;

import io.anycastle.core.model.PageTemplate;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/** What a page may be that a zone shows in the place of the edge's own. */
record SitePageRules(int bytesMax) {
    /** The page in that field; empty where the field says none, or something else than a page, which is a mistake. */
    Optional<String> page(Body body, String field) {
        return body.text(field).filter(html -> isPage(body, field, html));
    }

    private boolean isPage(Body body, String field, String html) {
        int bytes = html.getBytes(StandardCharsets.UTF_8).length;
        Set<String> unknown = PageTemplate.unknownIn(html);
        if (html.isBlank()) {
            body.mistake(field, "expected a page in HTML");
        } else if (bytes > bytesMax) {
            body.mistake(field, "expected at most " + bytesMax + " bytes (proxy.site-page-max), found " + bytes);
        } else if (!unknown.isEmpty()) {
            body.mistake(
                    field,
                    "no such place in a page: " + String.join(", ", unknown) + "; there are "
                            + String.join(", ", PageTemplate.places()));
        } else {
            return true;
        }
        return false;
    }
}
