package io.anycastle.proxy.coding;

import org.jspecify.annotations.Nullable;

/**
 * What happens to an answer's body on its way to the client.
 *
 * @param decoded the origin's coding, which is undone; null when the body is taken as it is
 * @param encoded what it is put into; null when it goes as it is
 * @param isVarying whether another Accept-Encoding could have got another body
 */
public record CodingPlan(
        @Nullable ContentCoding decoded, @Nullable ContentCoding encoded, boolean isVarying) {
    /** It passes as it is, whatever a client accepts. */
    static final CodingPlan UNTOUCHED = new CodingPlan(null, null, false);

    /** It passes as it is to this client. */
    static final CodingPlan PASSED = new CodingPlan(null, null, true);

    /** Whether the client gets other octets than the origin sent. */
    public boolean changesBody() {
        return decoded != null || encoded != null;
    }

    /** The same without the last step. */
    public CodingPlan withoutEncoding() {
        return new CodingPlan(decoded, null, isVarying);
    }
}
