package io.celeriac.web.request;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import org.apache.catalina.util.NetMask;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Restores a request as a trusted proxy received it. Its scheme, host and path prefix are those of {@code Forwarded} or {@code
 * X-Forwarded-*}, and a {@code Location} begins with the prefix. From other senders these headers are dropped.
 */
public final class ProxyFilter extends OncePerRequestFilter {

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

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var filter = isTrusted(request.getRemoteAddr()) ? believing : dropping;
        filter.doFilter(
                request,
                response,
                (seen, answer) -> chain.doFilter(
                        seen,
                        new Prefixed((HttpServletResponse) answer, ((HttpServletRequest) seen).getContextPath())));
    }

    private boolean isTrusted(String address) throws IOException {
        var from = InetAddress.getByName(address); // an address, so there is no DNS lookup
        return trusted.stream().anyMatch(mask -> mask.matches(from));
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
