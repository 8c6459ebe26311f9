package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The trailer fields that pass (RFC 9110 section 6.5.1): none that frames, routes, controls or authenticates the message before it. Pure. */
final class Trailers {
    private Trailers() {}

    static @Nullable Fields toOrigin(@Nullable Fields trailers) {
        return passing(trailers, FieldName::passesToOrigins);
    }

    static @Nullable Fields toClient(@Nullable Fields trailers) {
        return passing(trailers, FieldName::passesToClients);
    }

    /** The same where all of them pass, null where none does. */
    private static @Nullable Fields passing(@Nullable Fields trailers, Predicate<FieldName> rule) {
        if (trailers == null) {
            return null;
        }
        Fields passing = new Fields();
        for (int i = 0; i < trailers.count(); i++) {
            FieldName name = trailers.folded(i);
            if (rule.test(name) && !name.isHopByHop() && !belongsInHead(name)) {
                passing.add(trailers.nameText(i), trailers.value(i));
            }
        }
        return passing.count() == 0 ? null : passing;
    }

    private static boolean belongsInHead(FieldName name) {
        return switch (name) {
            case HOST,
                    CONTENT_LENGTH,
                    CONTENT_TYPE,
                    CONTENT_ENCODING,
                    CONTENT_RANGE,
                    CACHE_CONTROL,
                    EXPECT,
                    MAX_FORWARDS,
                    RANGE,
                    AUTHORIZATION,
                    COOKIE,
                    SET_COOKIE,
                    WWW_AUTHENTICATE,
                    AGE,
                    DATE,
                    LOCATION,
                    RETRY_AFTER,
                    VARY -> true;
            default -> false;
        };
    }
}
