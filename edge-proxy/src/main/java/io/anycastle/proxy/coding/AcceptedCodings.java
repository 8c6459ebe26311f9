package io.anycastle.proxy.coding;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a client's Accept-Encoding fields say (RFC 9110 section 12.5.3). Pure. A client that sends none gets no coding: by the RFC it takes
 * any, but those that send none know none.
 *
 * @param zstd how much the client wants that coding, in thousandths; 0 for not at all
 * @param br the same
 * @param gzip the same
 * @param identity the same for none; 0 also when the client does not say
 */
record AcceptedCodings(int zstd, int br, int gzip, int identity) {
    static final AcceptedCodings NONE = new AcceptedCodings(0, 0, 0, 0);

    private static final int ELEMENTS_MAX = 32;
    private static final int UNSAID = -1;
    private static final Pattern WEIGHT = Pattern.compile("[qQ][ \\t]*=[ \\t]*(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)");

    static AcceptedCodings of(Fields request) {
        return request.has(FieldName.ACCEPT_ENCODING)
                ? parse(String.join(",", request.values(FieldName.ACCEPT_ENCODING)))
                : NONE;
    }

    static AcceptedCodings parse(String list) {
        int zstd = UNSAID;
        int br = UNSAID;
        int gzip = UNSAID;
        int identity = UNSAID;
        int any = 0;
        String[] elements = list.split(",", ELEMENTS_MAX + 1);
        for (int i = 0; i < Math.min(elements.length, ELEMENTS_MAX); i++) {
            String[] parts = elements[i].split(";", 2);
            int quality = parts.length == 1 ? 1000 : quality(parts[1].strip());
            switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
                case "zstd" -> zstd = quality;
                case "br" -> br = quality;
                case "gzip", "x-gzip" -> gzip = quality;
                case "identity" -> identity = quality;
                case "*" -> any = quality;
                default -> {}
            }
        }
        return new AcceptedCodings(said(zstd, any), said(br, any), said(gzip, any), Math.max(identity, 0));
    }

    private static int said(int quality, int any) {
        return quality == UNSAID ? any : quality;
    }

    /** Thousandths; what is no weight accepts nothing. */
    private static int quality(String parameter) {
        Matcher weight = WEIGHT.matcher(parameter);
        return weight.matches() ? (int) Math.round(Double.parseDouble(weight.group(1)) * 1000) : 0;
    }

    boolean accepts(ContentCoding coding) {
        return quality(coding) > 0;
    }

    int quality(ContentCoding coding) {
        return switch (coding) {
            case ZSTD -> zstd;
            case BR -> br;
            case GZIP -> gzip;
        };
    }
}
