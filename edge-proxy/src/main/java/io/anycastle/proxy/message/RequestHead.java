package io.anycastle.proxy.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The head of a request: its method, its target and its fields. Reused from request to request; belongs to one event loop. */
public final class RequestHead {
    private static final String[] METHODS = {
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PROPFIND", "REPORT"
    };

    private static final int LARGE_BYTES = 8 * 1024;

    private final Fields fields = new Fields();
    private String method = "";
    private int methodFrom;
    private int targetFrom;
    private int targetTo;
    private @Nullable String rewritten;
    private HttpVersion version = HttpVersion.HTTP_1_1;
    private boolean isWebSocket;

    /** Makes ready for the next request. */
    public void clear() {
        fields.clear();
        method = "";
        rewritten = null;
        targetFrom = 0;
        targetTo = 0;
        isWebSocket = false;
    }

    public Fields fields() {
        return fields;
    }

    /** Whether an unusual request has made it so large that it is not worth keeping. */
    public boolean isLarge() {
        return fields.octets().length > LARGE_BYTES;
    }

    /** Tells where method and target stand among the octets of the fields: {@code METHOD SP target SP}. */
    public void mark(int atMethod, int methodTo, int atTarget, int endOfTarget, HttpVersion as) {
        methodFrom = atMethod;
        method = method(fields.octets(), atMethod, methodTo);
        targetFrom = atTarget;
        targetTo = endOfTarget;
        version = as;
    }

    /** Writes the line of a request that came on another wire; before its fields. */
    public void begin(CharSequence as, CharSequence target, HttpVersion by) {
        clear();
        fields.put(as);
        int methodTo = fields.size();
        fields.put(" ");
        int from = fields.size();
        fields.put(target);
        mark(0, methodTo, from, fields.size(), by);
        fields.put(" ");
    }

    private static String method(byte[] octets, int from, int to) {
        for (String known : METHODS) {
            if (known.length() == to - from && isSame(octets, from, known)) {
                return known;
            }
        }
        return new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isSame(byte[] octets, int from, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (octets[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** As the client spelled it: methods have a case (RFC 9110 section 9.1). */
    public String method() {
        return method;
    }

    public boolean isMethod(String name) {
        return method.equals(name);
    }

    /** Whether the client asks to speak WebSocket from here on (RFC 6455 section 4.1, RFC 8441 section 5): the method is GET then. */
    public boolean isWebSocket() {
        return isWebSocket;
    }

    public void asksForWebSocket() {
        isWebSocket = true;
    }

    public HttpVersion version() {
        return version;
    }

    /** The target as it goes to the origin. */
    public String target() {
        return rewritten != null
                ? rewritten
                : new String(fields.octets(), targetFrom, targetTo - targetFrom, StandardCharsets.ISO_8859_1);
    }

    /** Whether another target than the client's goes to the origin. */
    public boolean isRewritten() {
        return rewritten != null;
    }

    /** Where the client's target begins among the octets of the fields. */
    public int targetFrom() {
        return targetFrom;
    }

    public int targetTo() {
        return targetTo;
    }

    public int targetLength() {
        return rewritten != null ? rewritten.length() : targetTo - targetFrom;
    }

    public char targetAt(int index) {
        return rewritten != null ? rewritten.charAt(index) : (char) (fields.octets()[targetFrom + index] & 0xFF);
    }

    /** The first place of the character in the target, or -1. */
    public int targetIndexOf(char wanted) {
        for (int i = 0; i < targetLength(); i++) {
            if (targetAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Puts another target in place of the client's. */
    public void rewrite(String target) {
        rewritten = target;
    }

    /** Writes {@code METHOD SP target}. */
    public void writeLine(ByteBuf to) {
        if (rewritten == null) {
            to.writeBytes(fields.octets(), methodFrom, targetTo - methodFrom);
        } else {
            ByteBufUtil.writeAscii(to, method);
            to.writeByte(' ');
            to.writeCharSequence(rewritten, StandardCharsets.ISO_8859_1);
        }
    }

    /** The target as octets, for wires that take it so. */
    public AsciiString targetOctets() {
        return rewritten != null
                ? new AsciiString(rewritten)
                : new AsciiString(fields.octets(), targetFrom, targetTo - targetFrom, true);
    }
}
