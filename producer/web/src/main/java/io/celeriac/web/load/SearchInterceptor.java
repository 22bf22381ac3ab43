package io.celeriac.web.load;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.HandlerInterceptor;

/** Counts each GET of its paths as one of the {@link Searches}. For calls that answer on their own thread. */
public final class SearchInterceptor implements HandlerInterceptor {

    private final Searches searches;

    public SearchInterceptor(Searches searches) {
        this.searches = searches;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getMethod().equals("GET")) {
            searches.begin();
        }
        return true;
    }

    /** Called only if {@link #preHandle} has returned. */
    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception ex) {
        if (request.getMethod().equals("GET")) {
            searches.end();
        }
    }
}
