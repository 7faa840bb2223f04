package httpapi_test

import (
	"testing"
	"time"

	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/fault"
	"github.com/motcua/motcua/pkg/httpapi"
	"github.com/motcua/motcua/pkg/staff"
	"github.com/motcua/motcua/pkg/worktime"
)

func TestWhatWentWrongIsSaidAsAClerkSaysIt(t *testing.T) {
	t.Parallel()
	half, err := worktime.ParseAmount("0.5")
	if err != nil {
		t.Fatal(err)
	}
	uncountable := worktime.Term{Value: half, Unit: worktime.Month}.Check()
	for want, said := range map[string]fault.Text{
		"Không thực hiện được thao tác “trả kết quả” khi hồ sơ ở trạng thái “Đang xử lý” (IN_PROGRESS)": fault.Say(
			"%s is not possible in state %s (%s)", dossier.Return, dossier.InProgress, dossier.StateNames[dossier.InProgress]),
		"Vai trò chuyên viên không có quyền tiếp nhận và trả kết quả hồ sơ": fault.Say(
			"role %s has not the right %s", staff.Officer, staff.ReceiveDossiers),
		`"FAX" không thuộc các giá trị cho phép: IN_PERSON (trực tiếp), ONLINE (trực tuyến), POST (bưu chính công ích)`: fault.Say(
			"%q is none of %v", catalog.Channel("FAX"), catalog.Channels),
		"Hồ sơ không có khoản phí, lệ phí nào ở một trong các trạng thái “Chưa thanh toán”, “Chờ thanh toán”": fault.Say(
			"the dossier has no fee in one of the states %v", []dossier.FeeState{dossier.FeeUnpaid, dossier.FeePending}),
		"Thao tác “hoàn thành bước xử lý” chỉ áp dụng cho một bước; nêu bước nào trong các bước 2, 3": fault.Say(
			"%s is about one step; say which of %v", dossier.CompleteStep, []int{2, 3}),
		"Kết quả đã được trả lúc 14:05 ngày 03/11/2026":                                       fault.Say("the result was handed out at %s already", fault.Instant(time.Date(2026, 11, 3, 14, 5, 59, 0, zone))),
		"Đơn vị “tháng” không chia lẻ được, mà giá trị là 0.5":                                fault.Say("%v", uncountable),
		"Không dùng được lịch làm việc: Đơn vị “tháng” không chia lẻ được, mà giá trị là 0.5": fault.Say("the calendar cannot be used: %v", uncountable),
		"Thông tin người dùng không hợp lệ nên không lưu được; role: \"\" không thuộc các giá trị cho phép: " +
			"CLERK (cán bộ tiếp nhận), OFFICER (chuyên viên), SUPERVISOR (lãnh đạo), ADMINISTRATOR (quản trị), AUDITOR (kiểm tra viên); agency: Còn thiếu": fault.Say(
			"%v", staff.User{Username: "canbo", Name: "Cán bộ"}.Check()),
	} {
		if got := httpapi.Vietnamese(said); got != want {
			t.Errorf("%q is said\n%s\nnot\n%s", said, got, want)
		}
	}
}

// Who is refused hears why in both languages, and first in the one that was asked for: in a problem, in each of its fields, in the reasons
// why an action may not be taken, and for each step that could not be handed on.
func TestWhyNotIsSaidInTheLanguageThatWasAskedFor(t *testing.T) {
	t.Parallel()
	eachCounter(t, func(t *testing.T, c *counter) {
		clerk, officer := c.tokens[staff.Clerk], c.tokens[staff.Officer]
		code, _ := c.receive()
		path := "/api/v1/dossiers/" + code
		for accept, language := range map[string]string{"": "vi", "en": "en", "en-GB,vi;q=0.5": "en", "fr": "vi"} {
			header := "Accept-Language: " + accept
			refused := c.want(409, "POST", path+"/actions/return", clerk, `{"handed_out":{"method":"IN_PERSON"}}`, `If-Match: "1"`, header).problem(t)
			if refused.DetailVI != "Không thực hiện được thao tác “trả kết quả” khi hồ sơ ở trạng thái “Được tiếp nhận” (ACCEPTED)" {
				t.Error(refused.DetailVI)
			}
			if got := map[string]string{"vi": refused.DetailVI, "en": refused.DetailEN}[language]; refused.Detail != got {
				t.Errorf("with %q %q is said", accept, refused.Detail)
			}
			wrong := c.want(422, "POST", path+"/actions/withdraw", clerk, "{}", `If-Match: "1"`, header).problem(t)
			if len(wrong.Errors) == 0 || wrong.Errors[0].DetailVI != "Còn thiếu" || wrong.Errors[0].DetailEN != "is missing" {
				t.Errorf("%+v", wrong.Errors)
			}
			question := c.want(422, "POST", "/api/v1/deadlines:preview", clerk,
				`{"calendar":"default","start":"2026-11-02T08:00:00+07:00","term":{"value":0.5,"unit":"month"}}`, header).problem(t)
			if question.DetailVI != "Đơn vị “tháng” không chia lẻ được, mà giá trị là 0.5" || len(question.Errors) != 1 || question.Errors[0].DetailVI != question.DetailVI {
				t.Errorf("the engine says %+v", question)
			}
			var d struct {
				Actions []struct {
					Action  string
					Allowed bool
					saidTwice
				}
			}
			got := c.want(200, "GET", path, officer, "", header)
			got.into(t, &d)
			if got.header.Get("Vary") != "Accept-Language" {
				t.Errorf("what is kept by a cache would be told to others in the wrong language: Vary is %q", got.header.Get("Vary"))
			}
			refusals := 0
			for _, a := range d.Actions {
				if a.Allowed {
					continue
				}
				refusals++
				a.check(t, language)
				if a.Action == "accept" && a.DetailVI != "Không thực hiện được thao tác “tiếp nhận hồ sơ” khi hồ sơ ở trạng thái “Được tiếp nhận” (ACCEPTED)" &&
					a.DetailVI != "Vai trò chuyên viên không có quyền tiếp nhận và trả kết quả hồ sơ" {
					t.Error(a.DetailVI)
				}
			}
			if refusals < 20 {
				t.Errorf("only %d actions are refused", refusals)
			}
		}
	})
}
