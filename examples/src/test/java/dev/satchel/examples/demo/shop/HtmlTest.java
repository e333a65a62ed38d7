package dev.satchel.examples.demo.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class HtmlTest {

  @Test
  void valuesAreEscaped() {
    assertThat(Html.of("<p title=\"{}\">{}</p>", "\"'", "<b> & {}").markup())
        .isEqualTo("<p title=\"&quot;&#39;\">&lt;b&gt; &amp; {}</p>");
  }

  @Test
  void markupIsNotEscapedAgain() {
    assertThat(Html.of("<li>{}</li>", Html.of("<b>{}</b>", "&")).markup())
        .isEqualTo("<li><b>&amp;</b></li>");
  }

  @Test
  void holesAndValuesMustMatch() {
    assertThatThrownBy(() -> Html.of("{}")).hasMessageContaining("more holes");
    assertThatThrownBy(() -> Html.of("", "x")).hasMessageContaining("1 values for 0 holes");
  }
}
