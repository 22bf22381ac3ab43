package io.celeriac.web.request;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.apache.catalina.util.NetMask;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Restores a request as a trusted proxy received it. Its scheme, host and path prefix are those of {@code Forwarded} or {@code
 * X-Forwarded-*}, and a {@code Location} begins with the prefix. From other senders these headers are dropped.
 *
 * <p>The client's address is the last one of {@code X-Forwarded-For} that is no trusted proxy: a client can write the first ones
 * itself. {@code for=} of {@code Forwarded} is not used.
 */
public final class ProxyFilter extends OncePerRequestFilter {

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    private final List<NetMask> trusted;
    private final ForwardedHeaderFilter believing = new ForwardedHeaderFilter();
    private final ForwardedHeaderFilter dropping = new ForwardedHeaderFilter();

    /**
     * @param trusted addresses of proxies, such as {@code 10.0.0.0/8}
     * @throws IllegalArgumentException for a text that is no such address
     */
    public ProxyFilter(Collection<String> trusted) {
        this.trusted = trusted.stream().map(NetMask::new).toList();
        dropping.setRemoveOnly(true);
    }

    /** The page of an error has links too. */
    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var peer = request.getRemoteAddr();
        var isTrusted = AddressLiteral.read(peer).filter(this::isTrusted).isPresent();
        var filter = isTrusted ? believing : dropping;
        var client = isTrusted ? client(request, peer) : peer;
        filter.doFilter(
                request,
                response,
                (seen, answer) -> chain.doFilter(
                        new From((HttpServletRequest) seen, client),
                        new Prefixed((HttpServletResponse) answer, ((HttpServletRequest) seen).getContextPath())));
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(mask -> mask.matches(address));
    }

    /** From the right: skips trusted addresses. Where all are trusted, the last one, which the nearest proxy has seen itself. */
    private String client(HttpServletRequest request, String peer) {
        var hops = Collections.list(request.getHeaders(FORWARDED_FOR)).stream()
                .flatMap(line -> Arrays.stream(line.split(",", -1)))
                .map(ProxyFilter::withoutPort)
                .toList();
        for (var index = hops.size() - 1; index >= 0; index--) {
            var hop = AddressLiteral.read(hops.get(index));
            if (hop.isEmpty()) {
                return peer;
            }
            if (!isTrusted(hop.get())) {
                return hop.get().getHostAddress();
            }
        }
        return hops.isEmpty()
                ? peer
                : AddressLiteral.read(hops.get(hops.size() - 1))
                        .map(InetAddress::getHostAddress)
                        .orElse(peer);
    }

    /** Such as {@code 192.0.2.7:4711} and {@code [::1]:4711}, as some proxies write. */
    private static String withoutPort(String hop) {
        var text = hop.strip();
        if (text.startsWith("[")) {
            var end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        var colon = text.indexOf(':');
        return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }

    private static final class From extends HttpServletRequestWrapper {
        private final String address;

        From(HttpServletRequest request, String address) {
            super(request);
            this.address = address;
        }

        @Override
        public String getRemoteAddr() {
            return address;
        }

        @Override
        public String getRemoteHost() {
            return address;
        }
    }

    private static final class Prefixed extends HttpServletResponseWrapper {
        private final String prefix;

        Prefixed(HttpServletResponse response, String prefix) {
            super(response);
            this.prefix = prefix;
        }

        @Override
        public void setHeader(String name, String value) {
            super.setHeader(name, prefixed(name, value));
        }

        @Override
        public void addHeader(String name, String value) {
            super.addHeader(name, prefixed(name, value));
        }

        private String prefixed(String name, String value) {
            return HttpHeaders.LOCATION.equalsIgnoreCase(name) && value.startsWith("/api/") ? prefix + value : value;
        }
    }
}
