package io.celeriac.gateway.openapi;

import io.swagger.v3.oas.annotations.Hidden;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** Redirects the address of the API to the page that describes the API. */
@Hidden
@Controller
class HomeController {

    @GetMapping("/api")
    String home() {
        return "redirect:/api/docs";
    }
}
