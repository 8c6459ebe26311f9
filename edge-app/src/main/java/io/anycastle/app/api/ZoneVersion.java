package io.anycastle.app.api;

import java.util.Optional;
import java.util.OptionalLong;

/** A zone's version as an entity tag (RFC 9110 section 8.8.3). */
final class ZoneVersion {
    private ZoneVersion() {}

    static String etag(long version) {
        return "\"" + version + "\"";
    }

    /** The version that an {@code If-Match} header demands; none when it is absent or {@code *}. */
    static OptionalLong expected(Optional<String> ifMatch) {
        if (ifMatch.isEmpty() || ifMatch.get().strip().equals("*")) {
            return OptionalLong.empty();
        }
        String tag = ifMatch.get().strip().replaceFirst("^\"(.*)\"$", "$1");
        if (!tag.matches("\\d{1,18}")) {
            throw new ApiException(
                    ApiError.of(412, 10412, "If-Match expects a zone's ETag, a number in quotes; found " + tag));
        }
        return OptionalLong.of(Long.parseLong(tag));
    }
}
