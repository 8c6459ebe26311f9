package io.anycastle.core.rdata;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates in PEM form (RFC 7468): each is read, and what stands around them is left out. */
sealed interface CertificateForm {
    /** Some ten certificates. */
    int CHARS_MAX = 16_384;

    Pattern ONE = Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

    /** At least one certificate, line by line as all programs write it. */
    record Valid(String pem) implements CertificateForm {}

    /**
     * Why it is none.
     *
     * @param shown what may be shown of it
     */
    record Invalid(String shown, String rule) implements CertificateForm {}

    static CertificateForm read(String text) {
        if (text.contains("PRIVATE KEY")) {
            return new Invalid("a private key", "expected certificates alone; nobody but their owner has their keys");
        }
        if (text.length() > CHARS_MAX) {
            return new Invalid(text.length() + " characters", "at most " + CHARS_MAX + " characters");
        }
        StringBuilder pem = new StringBuilder(text.length());
        Matcher block = ONE.matcher(text);
        while (block.find()) {
            try {
                byte[] certificate = Base64.getMimeDecoder().decode(block.group(1));
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
                pem.append(written(certificate));
            } catch (CertificateException | IllegalArgumentException e) {
                return new Invalid(text, "one of its certificates cannot be read");
            }
        }
        return pem.isEmpty()
                ? new Invalid(text, "expected certificates in PEM form, -----BEGIN CERTIFICATE----- and so on")
                : new Valid(pem.toString());
    }

    private static String written(byte[] certificate) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate);
        return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
    }
}
