package io.anycastle.core.model;

import java.util.Arrays;
import java.util.Optional;

/** What connections to an origin begin with: the PROXY protocol, which tells it who the client is. */
public enum OriginProxyProtocol {
    OFF("off"),
    /** The header of version 2. */
    V2("v2");

    private final String text;

    OriginProxyProtocol(String text) {
        this.text = text;
    }

    /** As the API has it. */
    public String text() {
        return text;
    }

    /** In any case of letters. */
    public static Optional<OriginProxyProtocol> named(String text) {
        return Arrays.stream(values())
                .filter(each -> each.text.equalsIgnoreCase(text))
                .findFirst();
    }
}
