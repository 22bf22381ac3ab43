package io.celeriac.web.page;

import io.celeriac.web.problem.PageProblem;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.ModelAndView;

/**
 * Shows why a page is refused, does not exist or has failed. Filters and advices forward here.
 *
 * <p>It is no {@link Page}: nothing may have decided yet who asks.
 */
@Controller
@Hidden
class ProblemPage {

    private final Frames frames;

    ProblemPage(Frames frames) {
        this.frames = frames;
    }

    /** Called from outside, it is an address like any other where there is nothing. */
    @GetMapping(PageProblem.PAGE)
    ModelAndView problem(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        var problem = PageProblem.of(request)
                .orElseGet(() -> new PageProblem(HttpStatus.NOT_FOUND, PageProblem.NOTHING, request.getRequestURI()));
        return frames.problem(request, problem.path(), problem.status(), problem.detail());
    }
}
