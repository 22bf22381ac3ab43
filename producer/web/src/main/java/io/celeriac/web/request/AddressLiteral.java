package io.celeriac.web.request;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads addresses that are written as numbers. It never asks DNS. */
public final class AddressLiteral {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern OF_4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern OF_6 = Pattern.compile("(?=.*:.*:)[0-9A-Fa-f:][0-9A-Fa-f:.]{1,44}");
    private static final Pattern ZONE = Pattern.compile("%.*");

    private AddressLiteral() {}

    /**
     * The address of a text; empty for a name and for any other text.
     *
     * @param text such as {@code 192.0.2.7} or {@code fe80::1%eth0}; the zone is left out
     */
    public static Optional<InetAddress> read(String text) {
        var plain = ZONE.matcher(text).replaceFirst("");
        if (!OF_4.matcher(plain).matches() && !OF_6.matcher(plain).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(plain)); // a number, so there is no DNS lookup
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
