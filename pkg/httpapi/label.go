package httpapi

import (
	"github.com/motcua/motcua/pkg/catalog"
	"github.com/motcua/motcua/pkg/dossier"
	"github.com/motcua/motcua/pkg/staff"
)

// labels are the states as the national interface words them.
var labels = map[dossier.State]string{
	dossier.Registered:          "Mới đăng ký",
	dossier.Accepted:            "Được tiếp nhận",
	dossier.Refused:             "Không được tiếp nhận",
	dossier.InProgress:          "Đang xử lý",
	dossier.SupplementRequested: "Yêu cầu bổ sung giấy tờ",
	dossier.PaymentRequired:     "Yêu cầu thực hiện nghĩa vụ tài chính",
	dossier.Withdrawn:           "Công dân yêu cầu rút hồ sơ",
	dossier.Stopped:             "Dừng xử lý",
	dossier.Resolved:            "Đã xử lý xong",
	dossier.Returned:            "Đã trả kết quả",
}

// promiseLabels say why a date was promised, as a page tells it to people.
var promiseLabels = map[PromiseKind]string{
	PromiseKindFIRST: "Lần đầu", PromiseKindAFTERPAUSE: "Sau khi tạm dừng", PromiseKindRESTARTED: "Tính lại từ đầu sau bổ sung",
	PromiseKindEXTENDED: "Gia hạn", PromiseKindREAPPOINTED: "Hẹn lại", PromiseKindRECOMPUTED: "Lịch làm việc thay đổi", PromiseKindSOURCE: "Của hệ thống khác",
}

// requestLabel says who asked for a dossier back and how, as the applicant is told it: whoever did not ask can object.
func requestLabel(r WithdrawalRequest) string {
	return requesters[dossier.Requester(r.By)] + ", " + manners[dossier.Manner(r.How)]
}

func promiseLabel(k PromiseKind) string { return promiseLabels[k] }

// actionLabels are what may be done with a dossier, as a clerk names it.
var actionLabels = map[dossier.Action]string{
	dossier.Accept: "tiếp nhận hồ sơ", dossier.Refuse: "từ chối tiếp nhận", dossier.HandOver: "chuyển xử lý", dossier.Take: "nhận xử lý",
	dossier.CompleteStep: "hoàn thành bước xử lý", dossier.RequestSupplement: "yêu cầu bổ sung", dossier.CompleteSupplement: "nhận bổ sung",
	dossier.RequestPayment: "yêu cầu thực hiện nghĩa vụ tài chính", dossier.ConfirmPayment: "xác nhận đã thực hiện nghĩa vụ tài chính",
	dossier.Finish: "kết thúc xử lý", dossier.Return: "trả kết quả", dossier.Withdraw: "rút hồ sơ", dossier.Stop: "dừng xử lý",
	dossier.GivePapersBack: "trả lại giấy tờ đã nộp",
	dossier.Recall:         "thu hồi kết quả để xử lý lại", dossier.Reopen: "mở lại hồ sơ", dossier.RequestExtension: "đề nghị gia hạn",
	dossier.ApproveExtension: "đồng ý gia hạn", dossier.RefuseExtension: "không đồng ý gia hạn", dossier.Assign: "phân công xử lý",
	dossier.GiveBack: "trả lại việc đã nhận", dossier.SendBack: "trả lại bước trước", dossier.RecallStep: "thu hồi bước đã chuyển",
	dossier.Contribute: "góp ý kiến phối hợp", dossier.BeginWait: "chờ cơ quan, tổ chức ngoài hệ thống", dossier.EndWait: "kết thúc chờ cơ quan, tổ chức ngoài hệ thống",
	dossier.SetFees: "xác định phí, lệ phí", dossier.BillFees: "yêu cầu nộp phí, lệ phí", dossier.PayFees: "thu phí, lệ phí",
	dossier.ExemptFees: "miễn phí, lệ phí", dossier.RefundFees: "đề nghị hoàn phí, lệ phí",
	dossier.ApproveRefund: "duyệt hoàn phí, lệ phí", dossier.RefuseRefund: "từ chối hoàn phí, lệ phí", dossier.ChangeReturn: "đổi nơi, cách nhận kết quả",
	dossier.CancelFees: "hủy thu phí, lệ phí",
}

// What may stand in a sentence about what went wrong, in words.
var (
	roles = map[staff.Role]string{
		staff.Clerk: "cán bộ tiếp nhận", staff.Officer: "chuyên viên", staff.Supervisor: "lãnh đạo", staff.Administrator: "quản trị",
		staff.Auditor: "kiểm tra viên",
	}
	rights = map[staff.Right]string{
		staff.ReadDossiers: "xem hồ sơ", staff.ReceiveDossiers: "tiếp nhận và trả kết quả hồ sơ", staff.WorkDossiers: "xử lý hồ sơ",
		staff.LeadDossiers: "chỉ đạo xử lý hồ sơ", staff.FindPersons: "tra cứu hồ sơ theo số giấy tờ của người nộp",
		staff.ReadAccesses: "xem nhật ký tra cứu", staff.ImportDossiers: "nhập hồ sơ từ hệ thống khác", staff.ReadReports: "xem báo cáo",
		staff.ReadAlerts: "xem cảnh báo", staff.EditCatalogue: "sửa danh mục thủ tục", staff.EditAgencies: "sửa danh mục cơ quan",
		staff.EditUsers: "quản lý người dùng", staff.EditReceivers: "quản lý nơi nhận sự kiện",
	}
	levels = map[catalog.Level]string{
		catalog.Ministry: "cấp bộ", catalog.Province: "cấp tỉnh", catalog.District: "cấp huyện", catalog.Commune: "cấp xã",
		catalog.Vertical: "ngành dọc", catalog.OtherLevel: "khác",
	}
	agencyKinds = map[catalog.AgencyKind]string{
		catalog.ProvinceCommittee: "Ủy ban nhân dân cấp tỉnh", catalog.Department: "sở, ban, ngành", catalog.DistrictCommittee: "Ủy ban nhân dân cấp huyện",
		catalog.CommuneCommittee: "Ủy ban nhân dân cấp xã", catalog.OneStopCentre: "trung tâm phục vụ hành chính công, bộ phận một cửa",
		catalog.OtherAgency: "khác",
	}
	channels = map[catalog.Channel]string{catalog.InPerson: "trực tiếp", catalog.Online: "trực tuyến", catalog.Post: "bưu chính công ích"}
	ways     = map[dossier.ReturnMethod]string{
		dossier.ReturnInPerson: "trực tiếp", dossier.ReturnPost: "bưu chính công ích", dossier.ReturnOnline: "trực tuyến",
	}
	personKinds = map[dossier.PersonKind]string{
		dossier.Citizen: "công dân", dossier.Household: "hộ gia đình, hộ kinh doanh", dossier.Enterprise: "doanh nghiệp",
		dossier.StateBody: "cơ quan nhà nước", dossier.Organisation: "tổ chức",
	}
	idKinds = map[dossier.IDKind]string{
		dossier.CitizenNumber: "số định danh cá nhân", dossier.OldCard: "chứng minh nhân dân", dossier.TaxCode: "mã số thuế", dossier.Passport: "hộ chiếu",
	}
	authorityKinds = map[dossier.AuthorityKind]string{
		dossier.Authorisation: "giấy ủy quyền", dossier.LegalRepresentative: "đại diện theo pháp luật", dossier.Family: "người thân trong gia đình",
	}
	requesters = map[dossier.Requester]string{
		dossier.ByApplicant: "chủ hồ sơ", dossier.BySubmitter: "người nộp hồ sơ", dossier.ByProxy: "người được ủy quyền",
	}
	manners = map[dossier.Manner]string{dossier.Written: "bằng văn bản", dossier.AtCounter: "trực tiếp tại quầy", dossier.FromAfar: "trực tuyến"}
	sexes   = map[dossier.Sex]string{dossier.Male: "nam", dossier.Female: "nữ"}
	origins = map[dossier.Origin]string{dossier.Scanned: "bản quét", dossier.FromReuse: "tái sử dụng", dossier.BornDigital: "bản điện tử gốc"}
	filesOf = map[dossier.FileOf]string{dossier.OfPart: "thành phần hồ sơ", dossier.OfResult: "kết quả", dossier.OfDossier: "hồ sơ nói chung"}

	feeKinds   = map[dossier.FeeKind]string{dossier.Charge: "phí", dossier.Levy: "lệ phí", dossier.Duty: "nghĩa vụ tài chính khác"}
	feeDues    = map[dossier.FeeDue]string{dossier.BeforeAcceptance: "thu trước", dossier.AfterAcceptance: "thu sau", dossier.AtReturn: "thu khi trả kết quả"}
	payMethods = map[dossier.PayMethod]string{dossier.Cash: "tiền mặt", dossier.Transfer: "chuyển khoản", dossier.OnlinePayment: "trực tuyến"}
)

// causes are what a clock or a step waits for, in the words of explanations.
var causes = func() map[dossier.PauseCause]string {
	all := map[dossier.PauseCause]string{}
	for cause, name := range dossier.CauseNames {
		all[cause] = name.VI
	}
	return all
}()
