package io.celeriac.web.request;

import io.celeriac.web.StartException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The setting {@code server.address}. */
public final class ListenAddress {

    private ListenAddress() {}

    /**
     * True when only this machine can reach the address; false for null and blank, which mean all addresses.
     *
     * @throws StartException when the address cannot be resolved
     */
    public static boolean isLoopback(@Nullable String address) {
        if (address == null || address.isBlank()) {
            return false;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartException("server.address is " + address + ", which is no address of this host.", e);
        }
    }
}
