package io.celeriac.web.page;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What the frame of a page takes from the installation.
 *
 * @param installation its name; empty for none
 * @param tokens against forged requests; null where access control is off
 */
record PageSettings(String installation, @Nullable FormToken tokens) {

    @Nullable
    String token(HttpServletRequest request) {
        return tokens == null ? null : tokens.of(request);
    }
}
