<%@ page contentType="text/plain; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<jsp:useBean id="notebook" scope="session" class="dev.satchel.examples.jsp.Notebook"/>
<jsp:include page="visits.jsp"/>
<% for (String note : notebook.getNotes()) { %>
- <%= note %>
<% } %>
