package io.celeriac.access.throttle;

import io.celeriac.web.request.AddressLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The networks that addresses belong to: /24 of IPv4, and /64 of IPv6. */
public final class Networks {

    private static final int BYTES_OF_4 = 3;
    private static final int BYTES_OF_6 = 8;

    private Networks() {}

    /**
     * The network of an address.
     *
     * @param address as a number, such as {@code 192.0.2.7}
     */
    public static String of(String address) {
        return AddressLiteral.read(address).map(Networks::of).orElse("unknown");
    }

    private static String of(InetAddress address) {
        var bytes = address.getAddress();
        var kept = address instanceof Inet4Address ? BYTES_OF_4 : BYTES_OF_6;
        Arrays.fill(bytes, kept, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * Byte.SIZE;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has as many bytes as it had before", e);
        }
    }
}
